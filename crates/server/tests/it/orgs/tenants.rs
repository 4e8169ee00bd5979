//! A call in any role, with any IDs, reads and changes only data of the organization in its path.

use std::collections::{BTreeMap, BTreeSet};

use doorward_domain::{OrgId, org::role::Role};
use reqwest::Method;
use serde_json::{Value, json};

use super::permissions::NEEDS;
use crate::support::{Answer, Dice, Person, TestApp, on_both};

type Rows = BTreeMap<String, BTreeSet<String>>;

/// The users, their organizations, and the server under test.
struct World {
    app: TestApp,
    dice: Dice,
    people: Vec<Person>,
    orgs: Vec<OrgId>,
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('-', "")
}

impl World {
    /// Creates users and organizations with random memberships.
    async fn new(app: TestApp) -> Self {
        let mut world = Self { app, dice: Dice(1871), people: Vec::new(), orgs: Vec::new() };
        for number in 0..6 {
            world.people.push(world.app.register_verified(&format!("member-{number}")).await);
        }
        for _ in 0..5 {
            world.found().await;
        }
        world.orgs.push(world.people[0].workspace.parse().unwrap());
        world
    }

    async fn found(&mut self) {
        let owner = self.dice.roll(self.people.len());
        let org = self.app.shared_org(&self.people[owner]).await;
        self.orgs.push(org);
        for number in (0..self.people.len()).filter(|number| *number != owner) {
            if self.dice.roll(2) == 0 {
                let role = *self.dice.of(&Role::ALL);
                self.app.join(&self.people[number], org, role).await;
            }
        }
    }

    async fn role(&self, org: OrgId, person: &Person) -> Option<Role> {
        let mut repositories = self.app.state.ports.storage.connect().await.unwrap();
        let membership = repositories.memberships().find(org, person.id).await.unwrap();
        membership.map(|it| it.role)
    }

    async fn rows(&self) -> Rows {
        let rows = self.app.database.rows().await.into_iter();
        rows.map(|(table, lines)| (table, lines.iter().map(|line| plain(line)).collect())).collect()
    }

    /// Returns the IDs of all pending invites with their organizations.
    async fn invites(&self) -> Vec<(OrgId, String)> {
        let mut repositories = self.app.state.ports.storage.connect().await.unwrap();
        let page = doorward_domain::pagination::PageQuery {
            limit: doorward_domain::pagination::PageSize::DEFAULT,
            after: None,
        };
        let mut found = Vec::new();
        for org in &self.orgs {
            let page = repositories.invites().list_pending(*org, page).await.unwrap();
            found.extend(page.items.iter().map(|invite| (*org, invite.id.to_string())));
        }
        found
    }

    /// Makes one random call, checks its effects, and returns its status.
    async fn step(&mut self) -> u16 {
        let person = self.dice.of(&self.people).clone();
        let other = self.dice.of(&self.people).clone();
        let org = *self.dice.of(&self.orgs);
        let (method, rest, permission) = *self.dice.of(&NEEDS);
        if method == "DELETE" && rest.is_empty() && self.dice.roll(4) > 0 {
            return 0;
        }
        let invites = self.invites().await;
        let unknown = (org, self.orgs[0].to_string());
        let invite = if invites.is_empty() { &unknown } else { self.dice.of(&invites) };
        let path = format!("/v1/orgs/{org}{rest}")
            .replace("{user_id}", &other.id.to_string())
            .replace("{own_id}", &person.id.to_string())
            .replace("{invite_id}", &invite.1);
        let foreign = self.dice.of(&self.orgs).to_string();
        let role = self.role(org, &person).await;
        let body = json!({
            "name": format!("Name {}", self.dice.roll(1000)),
            "role": self.dice.of(&Role::ALL).as_str(),
            "email": format!("guest-{}@example.com", self.dice.roll(4)),
            "org_id": foreign, "user_id": other.id.to_string(), "invited_by": other.id.to_string(),
        });
        let before = self.rows().await;
        let call = self.app.call(method.parse::<Method>().unwrap(), &path).bearer(&person.access);
        let call = call.header("x-org-id", &foreign);
        let answer =
            if method == "GET" { call.send().await } else { call.json(&body).send().await };
        let after = self.rows().await;

        let about = format!("{role:?} {method} {path}: {} {}", answer.status, answer.body);
        match role {
            None => assert_eq!(answer.status, 404, "{about}"),
            Some(role) if !permits(role, permission, &person, &other, rest) => {
                assert_eq!(answer.status, 403, "{about}");
            }
            Some(_) => assert!(matches!(answer.status, 200 | 403 | 404 | 422), "{about}"),
        }
        if answer.status != 200 {
            assert_eq!(before, after, "{about}");
        } else {
            assert_changed_only(org, &before, &after, &about);
            self.assert_shows_only(org, &answer, &invites, rest, &about).await;
        }
        answer.status
    }

    /// Asserts that a response has no ID of another organization, of its invites, or of a user who is not a member.
    async fn assert_shows_only(
        &self,
        org: OrgId,
        answer: &Answer,
        invites: &[(OrgId, String)],
        rest: &str,
        about: &str,
    ) {
        let text = answer.body.to_string();
        let others = self.orgs.iter().filter(|other| **other != org);
        assert!(others.into_iter().all(|other| !text.contains(&other.to_string())), "{about}");
        let theirs = invites.iter().filter(|(other, _)| *other != org);
        assert!(theirs.into_iter().all(|(_, invite)| !text.contains(invite)), "{about}");
        // Invites name their inviter, who may have left.
        if !rest.contains("invites") {
            for person in &self.people {
                let is_in = self.role(org, person).await.is_some();
                assert!(is_in || !text.contains(&person.id.to_string()), "{about}");
            }
        }
    }
}

fn permits(
    role: Role,
    permission: doorward_domain::org::role::Permission,
    person: &Person,
    other: &Person,
    rest: &str,
) -> bool {
    // A user who removes themselves leaves.
    let leaves = rest == "/members/{user_id}"
        && person.id == other.id
        && permission == doorward_domain::org::role::Permission::MemberRemove;
    leaves || role.permits(permission)
}

/// Asserts that every row that was added, removed, or changed belongs to the organization or follows from the call.
fn assert_changed_only(org: OrgId, before: &Rows, after: &Rows, about: &str) {
    let org = plain(&org.to_string());
    for (table, old) in before {
        let new = &after[table];
        let gone: Vec<_> = old.difference(new).collect();
        let come: Vec<_> = new.difference(old).collect();
        match table.as_str() {
            "orgs" | "memberships" | "invites" | "audit_events" => {
                for line in gone.iter().chain(&come) {
                    assert!(line.contains(&org), "{table}: {line}\n{about}");
                }
            }
            // They referred to the organization, which was deleted.
            "sessions" | "users" => {
                assert!(gone.iter().all(|line| line.contains(&org)), "{table}: {gone:?}\n{about}");
                assert_eq!(gone.len(), come.len(), "{table}\n{about}");
            }
            // The allowances of the inviter and of the address.
            "mail_allowances" => {}
            // The email of an invite.
            "outbox" => assert!(gone.is_empty() && come.len() <= 1, "{come:?}\n{about}"),
            _ => assert!(gone.is_empty() && come.is_empty(), "{table}: {come:?}\n{about}"),
        }
    }
}

/// Asserts that `GET /v1/orgs` lists exactly the user's organizations.
async fn assert_lists_own(world: &World) {
    for person in &world.people {
        let page = world.app.get("/v1/orgs?limit=100").bearer(&person.access).send().await.ok();
        let items = page["items"].as_array().unwrap().iter();
        let listed: BTreeSet<String> =
            items.map(|item| item["org_id"].as_str().unwrap().to_owned()).collect();
        let mut expected = BTreeSet::from([person.workspace.clone()]);
        for org in &world.orgs {
            if world.role(*org, person).await.is_some() {
                expected.insert(org.to_string());
            }
        }
        assert_eq!(listed, expected);
        assert_eq!(page["next_cursor"], Value::Null);
    }
}

on_both! {
    async fn no_call_reads_or_changes_another_organization(backend) {
        let mut world = World::new(TestApp::start(backend).await).await;
        let mut statuses = BTreeMap::<u16, usize>::new();
        for round in 0..8 {
            for _ in 0..30 {
                *statuses.entry(world.step().await).or_default() += 1;
            }
            assert_lists_own(&world).await;
            if round % 2 == 0 {
                world.found().await;
            }
        }
        for expected in [200, 403, 404, 422] {
            assert!(statuses.get(&expected).is_some_and(|count| *count > 1), "{statuses:?}");
        }
    }
}
