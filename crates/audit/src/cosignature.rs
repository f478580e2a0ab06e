//! Witness cosignatures (C2SP tlog-cosignature, the Ed25519 form).

use crate::note::NoteSignature;
use crate::{Error, Note, Purpose, SignerKey, VerifierKey};

/// Cosigns a checkpoint as a witness at `timestamp`, POSIX seconds. Whoever
/// calls this states that the checkpoint is consistent with every one that the
/// witness cosigned before, and must have checked it.
///
/// # Errors
/// If `key` is not a cosignature key.
pub fn cosign(checkpoint: &Note, key: &SignerKey, timestamp: u64) -> Result<NoteSignature, Error> {
    if key.verifier().purpose() != Purpose::Cosignature || timestamp > i64::MAX as u64 {
        return Err(Error::us(
            "a witness signs with a key of type 0x04, at a POSIX time",
        ));
    }
    let mut bytes = timestamp.to_be_bytes().to_vec();
    bytes.extend(key.sign(&message(checkpoint, timestamp)));
    Ok(NoteSignature {
        name: key.verifier().name().to_string(),
        id: key.verifier().id(),
        bytes,
    })
}

/// Checks the cosignature of `witness` on a checkpoint, and gives the time in
/// POSIX seconds at which it was made.
///
/// # Errors
/// If there is none by that name and ID, or it does not verify.
pub fn check_cosignature(checkpoint: &Note, witness: &VerifierKey) -> Result<u64, Error> {
    cosignature(checkpoint, witness)?
        .ok_or_else(|| Error::log(format!("no cosignature of {witness}")))
}

/// As [`check_cosignature`], and `None` if there is no line by that name and ID.
pub(crate) fn cosignature(checkpoint: &Note, witness: &VerifierKey) -> Result<Option<u64>, Error> {
    if witness.purpose() != Purpose::Cosignature {
        return Err(Error::operator(format!(
            "{witness} is a log's key, not a witness's: those have type 0x04"
        )));
    }
    let mut newest = None;
    for signature in checkpoint.by(witness) {
        let timestamp = signature
            .bytes
            .split_first_chunk::<8>()
            .map(|(time, rest)| (u64::from_be_bytes(*time), rest))
            .filter(|(time, rest)| {
                *time <= i64::MAX as u64 && witness.verifies(&message(checkpoint, *time), rest)
            })
            .map(|(time, _)| time)
            .ok_or_else(|| Error::log(format!("the cosignature of {witness} is false")))?;
        newest = newest.max(Some(timestamp));
    }
    Ok(newest)
}

fn message(checkpoint: &Note, timestamp: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {timestamp}\n{}", checkpoint.text()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checkpoint, Hash, KeyName};

    /// C2SP tlog-cosignature, "Ed25519 signed message".
    #[test]
    fn the_message_of_the_specification() {
        let text = "example.com/behind-the-sofa\n20852163\n\
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).unwrap();
        assert_eq!(checkpoint.size, 20_852_163);
        let name = KeyName::new("example.com/behind-the-sofa").unwrap();
        let log = SignerKey::from_seed(name, Purpose::Note, &[1; 32]).unwrap();
        let note = Note::sign(checkpoint.to_text(), &log).unwrap();
        let expected = format!("cosignature/v1\ntime 1679315147\n{text}");
        assert_eq!(message(&note, 1_679_315_147), expected.as_bytes());
    }

    #[test]
    fn a_cosignature_binds_witness_time_and_checkpoint() {
        let key = |name: &str, purpose, seed| {
            SignerKey::from_seed(KeyName::new(name).unwrap(), purpose, &[seed; 32]).unwrap()
        };
        let log = key("lane.example/log", Purpose::Note, 1);
        let witness = key("witness.example/w1", Purpose::Cosignature, 2);
        let other = key("witness.example/w1", Purpose::Cosignature, 3);
        let checkpoint = Checkpoint {
            origin: log.verifier().name().clone(),
            size: 0,
            root: Hash::empty(),
        };
        let mut note = Note::sign(checkpoint.to_text(), &log).unwrap();
        assert!(check_cosignature(&note, witness.verifier()).is_err());
        note.attach(cosign(&note, &witness, 1_679_315_147).unwrap());
        let note = Note::parse(note.to_string().as_bytes()).unwrap();
        note.verify(log.verifier()).unwrap();
        assert_eq!(
            check_cosignature(&note, witness.verifier()).unwrap(),
            1_679_315_147
        );
        assert!(check_cosignature(&note, other.verifier()).is_err());
        assert!(check_cosignature(&note, log.verifier()).is_err());
        assert!(cosign(&note, &log, 1).is_err());
        // Another time in the same line: the signature covers the time.
        let mut forged = note.clone();
        let mut line = forged.signatures()[1].clone();
        line.bytes[7] ^= 1;
        forged.attach(line);
        assert!(check_cosignature(&forged, witness.verifier()).is_err());
    }
}
