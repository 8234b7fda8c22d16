mod decisions;
mod fixtures;
mod guards;
mod matrix;
mod properties;
mod schema;
