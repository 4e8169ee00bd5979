//! Connections: how many there may be, and how long each may do nothing.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    collections::HashMap,
    io,
    net::{Shutdown, TcpStream},
    os::{
        fd::{AsFd, OwnedFd},
        unix::net::UnixStream,
    },
    rc::Rc,
    time::Duration,
};

use actix_web::{dev::Extensions, rt};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::{
    task::JoinHandle,
    time::{Instant, sleep_until},
};

/// How many descriptors a connection takes: its own, and the one that it is closed by.
const DESCRIPTORS_EACH: u64 = 2;
/// As many connections as a worker has in any case.
const FEWEST: usize = 16;
/// As many connections as a worker has at most.
const MOST: usize = 25_600;
/// For the log, listeners, the configuration's files, Redis, the mail server, and what the system has accepted already.
const OTHER_DESCRIPTORS: u64 = 256;
/// A connection of the embedded database has its file, the log beside it, and the index of that.
const DESCRIPTORS_OF_DATABASE: u64 = 4;

/// Lets the process open as many files as it is allowed to. The usual soft limit of 1,024 is for programs that use
/// select(2). Returns how many those are.
pub(crate) fn raise_descriptor_limit() -> u64 {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current != maximum {
        // Some systems report a hard limit that they don't grant.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
    descriptor_limit()
}

fn descriptor_limit() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Returns how many connections each worker may have, so that descriptors are left for all else.
pub(crate) fn per_worker(workers: usize, database_connections: u32) -> usize {
    share(descriptor_limit(), workers, database_connections)
}

/// Returns how many connections there may be, if that is less than usual.
pub(crate) fn scarce(limit: u64, workers: usize, database_connections: u32) -> Option<usize> {
    let each = share(limit, workers, database_connections);
    Some(each * workers).filter(|_| each < MOST / 8)
}

fn share(limit: u64, workers: usize, database_connections: u32) -> usize {
    let reserved = OTHER_DESCRIPTORS + DESCRIPTORS_OF_DATABASE * u64::from(database_connections);
    let connections = limit.saturating_sub(reserved) / DESCRIPTORS_EACH;
    let connections = usize::try_from(connections).unwrap_or(usize::MAX);
    (connections / workers.max(1)).clamp(FEWEST, MOST)
}

thread_local! {
    /// The connections of this worker.
    static OPEN: RefCell<HashMap<u64, Rc<Connection>>> = RefCell::default();
    static NEXT_ID: Cell<u64> = const { Cell::new(0) };
}

/// How a worker treats its connections.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// How many it has at most.
    pub(crate) most: usize,
    /// How long one may do nothing that ends in a request.
    pub(crate) patience: Duration,
}

struct Connection {
    handle: Handle,
    /// How many of its requests are handled.
    in_flight: Cell<usize>,
    /// When it was accepted, or a request began or was handled.
    last_activity: Cell<Instant>,
}

/// Closes a connection that does nothing.
///
/// The timeouts of the HTTP library end with the first request: after it, half a head or a body that nothing reads would
/// keep a connection forever, as would a client that doesn't read its response. And where connections become scarce, those
/// that have done nothing for the longest time are closed for new ones, so that no client can take all of them.
pub(crate) struct Watch {
    connection: Rc<Connection>,
    id: u64,
    task: JoinHandle<()>,
}

/// A request that is handled.
pub(crate) struct InFlight(Rc<Connection>);

impl Watch {
    /// Watches a connection that has just been accepted.
    pub(crate) fn begin(accepted: &dyn Any, extensions: &mut Extensions, rules: Rules) {
        // Without a descriptor to spare, the connection is not watched.
        let Some(handle) = Handle::of(accepted) else { return };
        let (in_flight, last_activity) = (Cell::new(0), Cell::new(Instant::now()));
        let connection = Rc::new(Connection { handle, in_flight, last_activity });
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        OPEN.with_borrow_mut(|open| {
            open.insert(id, connection.clone());
            if open.len() > rules.most - rules.most / 8 {
                close_idle(open, rules.most / 16);
            }
        });
        let task = rt::spawn(connection.clone().close_after(rules.patience));
        extensions.insert(Self { connection, id, task });
    }

    /// Notes that a request has begun, and when it has been handled.
    pub(crate) fn request(&self) -> InFlight {
        let connection = self.connection.clone();
        connection.in_flight.update(|number| number + 1);
        connection.last_activity.set(Instant::now());
        InFlight(connection)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
        // The thread may be ending.
        let _ = OPEN.try_with(|open| open.borrow_mut().remove(&self.id));
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.update(|number| number.saturating_sub(1));
        self.0.last_activity.set(Instant::now());
    }
}

/// Closes those that have done nothing for the longest time; more than one, since it takes a look at all of them.
fn close_idle(open: &HashMap<u64, Rc<Connection>>, number: usize) {
    let mut idle: Vec<_> = open.values().filter(|it| it.in_flight.get() == 0).collect();
    idle.sort_unstable_by_key(|it| it.last_activity.get());
    for connection in idle.iter().take(number.max(1)) {
        connection.close();
    }
}

impl Connection {
    async fn close_after(self: Rc<Self>, patience: Duration) {
        loop {
            let idle_at = self.last_activity.get() + patience;
            if self.in_flight.get() == 0 && idle_at <= Instant::now() {
                return self.close();
            }
            sleep_until(idle_at.max(Instant::now() + patience / 4)).await;
        }
    }

    fn close(&self) {
        // One that is closed already needs nothing.
        let _ = self.handle.shut_down();
    }
}

/// Another handle of a connection, to close it by.
enum Handle {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Handle {
    fn of(connection: &dyn Any) -> Option<Self> {
        let cloned = |it: &dyn AsFd| -> io::Result<OwnedFd> { it.as_fd().try_clone_to_owned() };
        if let Some(tcp) = connection.downcast_ref::<rt::net::TcpStream>() {
            return cloned(tcp).ok().map(|it| Self::Tcp(it.into()));
        }
        let unix = connection.downcast_ref::<rt::net::UnixStream>()?;
        cloned(unix).ok().map(|it| Self::Unix(it.into()))
    }

    fn shut_down(&self) -> io::Result<()> {
        match self {
            Self::Tcp(stream) => stream.shutdown(Shutdown::Both),
            Self::Unix(stream) => stream.shutdown(Shutdown::Both),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_all_else() {
        for (limit, workers, database, expected) in [
            (u64::MAX, 2, 34, MOST),
            (1_048_576, 2, 34, MOST),
            (65_536, 2, 34, 16_286),
            (1024, 2, 34, 158),
            (1024, 1, 34, 316),
            (256, 2, 34, FEWEST),
            (0, 0, 0, FEWEST),
        ] {
            assert_eq!(share(limit, workers, database), expected, "{limit}");
        }
        assert_eq!(scarce(1024, 2, 34), Some(316));
        assert_eq!(scarce(65_536, 2, 34), None);
    }
}
