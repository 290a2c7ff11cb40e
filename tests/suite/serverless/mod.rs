//! Services of the Serverless Framework and what they package to.

mod oracle;
mod provenance;
