mod abuse;
mod acceptance;
mod fairness;
mod invitations;
mod members;
mod organisations;
mod permissions;
mod tenants;
