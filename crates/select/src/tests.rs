//! Tests of the whole crate: fixtures made by code, a slow reference, and every capture of the corpus.

mod captures;
mod corpus;
mod criteria;
mod feeding;
mod fixtures;
mod flows;
mod funnel;
mod lanes;
mod minimise;
mod packets;
mod peers;
mod prefixes;
mod reference;
mod spread;
