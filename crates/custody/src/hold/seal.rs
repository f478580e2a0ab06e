//! Encryption of an image pair and wrapping of its key: XChaCha20-Poly1305.

use super::HeldPair;
use crate::{Error, LockedKey};
use chacha20poly1305::aead::{Aead as _, AeadInOut as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand_core::CryptoRng;
use rowcall_face::Image;
use zeroize::{Zeroize as _, Zeroizing};

/// The most bytes of the two pictures of a hold, uncompressed.
pub(crate) const MAX_PAIR_BYTES: usize = 48 << 20;

/// What a ciphertext has beside them: sizes before, the tag after.
pub(crate) const PAIR_HEAD: usize = 16 + 16;

pub(crate) const NONCE: usize = 24;

/// Bytes of a wrapped key: nonce, key, tag.
pub(crate) const WRAPPED: usize = NONCE + 32 + 16;

/// A new random key.
pub(crate) fn new_key(random: &mut dyn CryptoRng) -> LockedKey {
    let mut key = [0; 32];
    random.fill_bytes(&mut key);
    let locked = LockedKey::new(key);
    key.zeroize();
    locked
}

/// Encrypts two pictures. `context` is authenticated with them.
pub(crate) fn seal(
    occupant: &Image,
    portrait: &Image,
    key: &LockedKey,
    nonce: &[u8; NONCE],
    context: &[u8],
) -> Result<Vec<u8>, Error> {
    let size = occupant.rgb().len() + portrait.rgb().len();
    if size > MAX_PAIR_BYTES {
        return Err(Error::operator(
            "these pictures are too large to be held: 48 MiB in all",
        ));
    }
    // Room for the tag from the start: growing would leave a copy behind.
    let mut bytes = Vec::with_capacity(size + PAIR_HEAD);
    for image in [occupant, portrait] {
        bytes.extend_from_slice(&image.width().to_be_bytes());
        bytes.extend_from_slice(&image.height().to_be_bytes());
        bytes.extend_from_slice(image.rgb());
    }
    let cipher = XChaCha20Poly1305::new(key.bytes().into());
    if cipher
        .encrypt_in_place(&XNonce::from(*nonce), context, &mut bytes)
        .is_err()
    {
        bytes.zeroize();
        return Err(Error::us("a hold could not be encrypted"));
    }
    Ok(bytes)
}

/// Decrypts what [`seal`] encrypted; `None` if anything of it is not as it was.
pub(crate) fn open(
    mut bytes: Zeroizing<Vec<u8>>,
    key: &LockedKey,
    nonce: &[u8; NONCE],
    context: &[u8],
) -> Option<HeldPair> {
    XChaCha20Poly1305::new(key.bytes().into())
        .decrypt_in_place(&XNonce::from(*nonce), context, &mut *bytes)
        .ok()?;
    let mut rest = &bytes[..];
    let mut image = || -> Option<Image> {
        let (width, after) = rest.split_first_chunk::<4>()?;
        let (height, after) = after.split_first_chunk::<4>()?;
        let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
        let length = usize::try_from(3 * u64::from(width) * u64::from(height)).ok()?;
        let (rgb, after) = after.split_at_checked(length)?;
        rest = after;
        Image::from_rgb(width, height, rgb.to_vec())
    };
    Some(HeldPair {
        occupant: image()?,
        portrait: image()?,
    })
}

/// Encrypts a hold's key under the site's.
pub(crate) fn wrap(
    key: &LockedKey,
    site: &LockedKey,
    context: &[u8],
    random: &mut dyn CryptoRng,
) -> Result<[u8; WRAPPED], Error> {
    let mut nonce = [0; NONCE];
    random.fill_bytes(&mut nonce);
    let payload = Payload {
        msg: key.bytes(),
        aad: context,
    };
    let wrapped = XChaCha20Poly1305::new(site.bytes().into())
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::us("a hold's key could not be wrapped"))?;
    let mut out = [0; WRAPPED];
    out[..NONCE].copy_from_slice(&nonce);
    out[NONCE..].copy_from_slice(&wrapped);
    Ok(out)
}

/// Opens a wrapped key; `None` if it is not one of this site and context.
pub(crate) fn unwrap(
    wrapped: &[u8; WRAPPED],
    site: &LockedKey,
    context: &[u8],
) -> Option<LockedKey> {
    let (nonce, rest) = wrapped.split_first_chunk::<NONCE>()?;
    let payload = Payload {
        msg: rest,
        aad: context,
    };
    let plain = XChaCha20Poly1305::new(site.bytes().into())
        .decrypt(&XNonce::from(*nonce), payload)
        .ok()?;
    let plain = Zeroizing::new(plain);
    Some(LockedKey::new(plain.as_slice().try_into().ok()?))
}
