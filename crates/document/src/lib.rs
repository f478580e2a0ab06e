//! Travel documents: bytes in, a verified document out.
