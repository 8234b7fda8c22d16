mod boms;
mod tables;
