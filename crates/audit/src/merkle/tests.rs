use super::*;
use crate::Error;
use proptest::prelude::*;

/// The eight leaves and the roots that Certificate Transparency's reference
/// implementation tests with (also in Go's and Trillian's test suites).
const CT_LEAVES: [&str; 8] = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
];
const CT_ROOTS: [&str; 8] = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2)
        .map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
        .collect()
}

#[test]
fn the_reference_trees_of_certificate_transparency() {
    let mut wrong = Vec::new();
    let mut range = CompactRange::new();
    assert_eq!(
        hex(&range.root().0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (leaf, root) in CT_LEAVES.iter().zip(CT_ROOTS) {
        range.push(Hash::leaf(&unhex(leaf)));
        if hex(&range.root().0) != root {
            wrong.push(range.size());
        }
    }
    assert!(wrong.is_empty(), "wrong roots at sizes {wrong:?}");
}

/// Leaves in memory, and the naive recursion of RFC 6962 as an oracle.
struct Leaves(Vec<Hash>);

fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => Hash::empty(),
        [one] => *one,
        _ => {
            let k = leaves.len().next_power_of_two() / 2;
            Hash::node(&naive(&leaves[..k]), &naive(&leaves[k..]))
        }
    }
}

impl HashReader for Leaves {
    fn subtree(&self, level: u32, index: u64) -> Result<Hash, Error> {
        let width = 1_usize << level;
        let start = index as usize * width;
        Ok(naive(&self.0[start..start + width]))
    }
}

fn leaves(n: u64) -> Leaves {
    Leaves((0..n).map(|i| Hash::leaf(&i.to_be_bytes())).collect())
}

#[test]
fn every_proof_of_every_small_tree_holds_and_no_other_does() {
    let mut wrong = Vec::new();
    for size in 1..=40_u64 {
        let tree = leaves(size);
        let root = naive(&tree.0);
        let mut range = CompactRange::new();
        tree.0.iter().for_each(|leaf| range.push(*leaf));
        assert_eq!(range.root(), root);
        assert_eq!(tree_root(&tree, size).unwrap(), root);
        for index in 0..size {
            let path = prove_inclusion(&tree, index, size).unwrap();
            let leaf = tree.0[index as usize];
            if !check_inclusion(&path, index, leaf, size, root) {
                wrong.push(format!("inclusion {index} in {size} refused"));
            }
            for other in 0..size + 1 {
                if other != index && check_inclusion(&path, other, leaf, size, root) {
                    wrong.push(format!("inclusion {index} in {size} accepted as {other}"));
                }
            }
            if !path.is_empty() && check_inclusion(&path[1..], index, leaf, size, root) {
                wrong.push(format!("short path of {index} in {size} accepted"));
            }
        }
        for old in 0..=size {
            let old_root = naive(&tree.0[..old as usize]);
            let path = prove_consistency(&tree, old, size).unwrap();
            if !check_consistency(&path, old, old_root, size, root) {
                wrong.push(format!("consistency {old} to {size} refused"));
            }
            if old > 0 && check_consistency(&path, old, Hash::leaf(b"x"), size, root) {
                wrong.push(format!("consistency {old} to {size}: false old root"));
            }
            if check_consistency(&path, old, old_root, size, Hash::leaf(b"x"))
                && !(old == 0 && path.is_empty())
            {
                wrong.push(format!("consistency {old} to {size}: false new root"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

proptest! {
    #[test]
    fn a_changed_proof_is_refused(size in 2_u64..300, at in any::<u64>(), bit in 0_usize..256) {
        let tree = leaves(size);
        let root = naive(&tree.0);
        let index = at % size;
        let mut path = prove_inclusion(&tree, index, size).unwrap();
        let node = (at as usize >> 8) % path.len();
        path[node].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!check_inclusion(&path, index, tree.0[index as usize], size, root));

        let old = 1 + index % (size - 1);
        let old_root = naive(&tree.0[..old as usize]);
        let mut path = prove_consistency(&tree, old, size).unwrap();
        let node = (at as usize >> 8) % path.len();
        path[node].0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!check_consistency(&path, old, old_root, size, root));
    }
}
