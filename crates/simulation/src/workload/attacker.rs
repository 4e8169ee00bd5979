use std::rc::Rc;

use doorward_application::sessions::refresh::RefreshCommand;
use time::Duration;

use super::{
    Device, Loot, Person,
    memory::{Signed, opened},
};
use crate::world::{App, World, client};

/// Runs an attacker with copies of users' tokens, who tries them at intervals.
pub async fn steal(world: Rc<World>, person: Rc<Person>, loot: Rc<Loot>, times: u64) {
    let thief = Device::new("attacker".to_owned(), world.clone(), person, loot.clone());
    for _ in 0..times {
        world.clock.sleep(Duration::milliseconds(world.chance.below(6000).cast_signed())).await;
        match world.chance.below(3) {
            0 => thief.replay().await,
            1 => thief.look_with_copy().await,
            _ => thief.guess().await,
        }
        // If a guess opened a session, the checks of the sign-in report it.
        *thief.signed.borrow_mut() = None;
    }
}

impl Device {
    async fn replay(&self) {
        let token = self.world.chance.pick(&self.loot.refresh.borrow()).cloned();
        let Some(token) = token else { return };
        let Some((session, generation)) = opened(&token) else { return };
        self.world.ledger.is_possibly_stolen(session);
        let state = self.world.history.state();
        let user = state.sessions.get(&session).map(|session| session.user_id);
        let command = RefreshCommand { token: token.clone(), org_id: None, client: client() };
        let work = |app: App| async move { app.sessions.refresh.run(command).await };
        let what = format_args!("replay {session} of generation {generation}");
        let asked = self.world.ask(&self.name, what, work).await;
        let (Some(Ok(pair)), Some(user)) = (asked.heard, user) else { return };
        // Within the reuse interval it is the same token as in the previous response.
        let (access, refresh) = (pair.access.token.expose(), pair.refresh.expose());
        let (Some(old), Some(new)) =
            (Signed::new(user, "", &token), Signed::new(user, access, refresh))
        else {
            return;
        };
        self.hears(format_args!("the session continues with generation {}", new.generation));
        self.counts("replayed");
        self.continues(asked.since, &old, &new);
        self.loot.refresh.borrow_mut().push(new.refresh);
        self.loot.access.borrow_mut().push(new.access);
    }

    async fn look_with_copy(&self) {
        let access = self.world.chance.pick(&self.loot.access.borrow()).cloned();
        let Some(access) = access else { return };
        let look = |_: App, caller: doorward_application::Caller| async move { caller.user.id };
        if let Some((_, user)) = self.ask_with(access, format_args!("me, with a copy"), look).await
        {
            self.hears(format_args!("this is {user}"));
        }
    }
}
