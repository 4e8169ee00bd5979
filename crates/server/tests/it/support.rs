mod app;
mod backend;
mod binary;
mod call;
mod document;
mod faults;
mod mail;
mod person;
mod statements;

pub(crate) use app::TestApp;
pub(crate) use backend::{Backend, on_both, run};
pub(crate) use binary::{Running, doorward, refused, terminate};
pub(crate) use call::Answer;
pub(crate) use document::{assert_is_example, document, errors, operations};
pub(crate) use faults::{Fault, Faults};
pub(crate) use mail::Mail;
pub(crate) use person::{PASSWORD, Person, org_id};
pub(crate) use statements::Statements;
