//! What a lane is built on can do nothing with a template but hand it on.

#[test]
fn nothing_can_be_done_with_a_template() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
