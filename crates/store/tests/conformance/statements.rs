use testkit::{TestDatabase, on_each_database};

on_each_database! {
    async fn every_statement_prepares(db: &TestDatabase) {
        let mut raw = db.raw().await;
        let statements = store::statements();
        assert!(!statements.is_empty());
        for statement in statements {
            if statement.only.is_none_or(|engine| engine == db.engine()) {
                let prepared = raw.prepare(statement.text).await;
                assert!(prepared.is_ok(), "{}: {:?}", statement.name, prepared.err());
            }
        }
    }
}
