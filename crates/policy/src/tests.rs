mod decisions;
mod fixtures;
mod schema;
