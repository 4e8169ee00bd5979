mod abuse;
mod acceptance;
mod fairness;
mod invitations;
mod members;
mod organizations;
mod permissions;
mod tenants;
