mod acceptance;
mod invitations;
mod members;
mod organisations;
mod permissions;
mod tenants;
