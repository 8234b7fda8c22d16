//! Has the crate built again when a migration is added, since `sqlx::migrate!` watches only the files it knows.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
