use crate::error::StoreError;
use crate::tx::{Tx, on};

impl Tx {
    /// A fact about this instance: its id, mode and declared exercise date.
    pub async fn instance_fact(&mut self, key: &str) -> Result<Option<String>, StoreError> {
        on!(self, instance::read(key))
    }

    /// Records a fact about this instance.
    pub async fn set_instance_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError> {
        on!(self, instance::write(key, value))
    }
}
