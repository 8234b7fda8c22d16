//! Has the crate built again when a migration is added, since `sqlx_macros::migrate!` watches only the files it knows.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
