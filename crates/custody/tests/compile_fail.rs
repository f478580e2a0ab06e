//! Ways out of biometric types: each must not compile.

#[test]
fn no_way_out_compiles() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
