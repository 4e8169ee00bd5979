//! Limits of connections: their number, and how long each may be idle.

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

/// The descriptors of a connection: its own, and a duplicate to close it by.
const DESCRIPTORS_EACH: u64 = 2;
/// The minimum number of connections of a worker.
const FEWEST: usize = 16;
/// The maximum number of connections of a worker.
const MOST: usize = 25_600;
/// The descriptors for the log, listeners, configured files, Redis, the mail server, and connections that the system
/// has already accepted.
const OTHER_DESCRIPTORS: u64 = 256;
/// The descriptors of a connection of the embedded database: the file, its write-ahead log, and the index of the log.
const DESCRIPTORS_OF_DATABASE: u64 = 4;

/// Raises the soft limit of open files to the hard limit, and returns the new limit. The usual soft limit of 1,024 is
/// for programs that use select(2).
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

/// Returns the maximum number of connections per worker, which leaves descriptors for other uses.
pub(crate) fn per_worker(workers: usize, database_connections: u32) -> usize {
    share(descriptor_limit(), workers, database_connections)
}

/// Returns the maximum number of connections of the server, if it is unusually low.
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

/// The connection limits of a worker.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    /// The maximum number of connections.
    pub(crate) most: usize,
    /// How long a connection may be idle, without a request being handled.
    pub(crate) patience: Duration,
}

struct Connection {
    handle: Handle,
    /// The number of requests being handled.
    in_flight: Cell<usize>,
    /// The number of these requests whose body is awaited.
    receiving: Cell<usize>,
    /// When the connection was accepted, or a request last started or completed.
    last_activity: Cell<Instant>,
}

/// Closes a connection that is idle.
///
/// The timeouts of the HTTP library only cover the first request. After it, a partial head, an unread body, or a client
/// that doesn't read its response would keep a connection open forever. When connections become scarce, those that have
/// been idle, or have waited for a body, the longest are closed in favor of new ones, so that no client can occupy all
/// of them.
pub(crate) struct Watch {
    connection: Rc<Connection>,
    id: u64,
    task: JoinHandle<()>,
}

/// A request that is being handled.
pub(crate) struct InFlight(Rc<Connection>);

/// A request whose body is awaited.
pub(crate) struct Receiving(Rc<Connection>);

impl Watch {
    /// Starts to watch a connection that has just been accepted.
    pub(crate) fn begin(accepted: &dyn Any, extensions: &mut Extensions, rules: Rules) {
        // If no descriptor is available, the connection is not watched.
        let Some(handle) = Handle::of(accepted) else { return };
        let connection = Rc::new(Connection {
            handle,
            in_flight: Cell::new(0),
            receiving: Cell::new(0),
            last_activity: Cell::new(Instant::now()),
        });
        let id = NEXT_ID.replace(NEXT_ID.get() + 1);
        OPEN.with_borrow_mut(|open| {
            if open.len() >= rules.most - rules.most / 8 {
                close_idle(open, rules.most / 16);
            }
            // Inserted last, so that it is not closed in favor of itself when all others are in use.
            open.insert(id, connection.clone());
        });
        let task = rt::spawn(connection.clone().close_after(rules.patience));
        extensions.insert(Self { connection, id, task });
    }

    /// Records that a request has started; dropping the result records that it has completed.
    pub(crate) fn request(&self) -> InFlight {
        let connection = self.connection.clone();
        connection.in_flight.update(|number| number + 1);
        connection.last_activity.set(Instant::now());
        InFlight(connection)
    }

    /// Records that the body of a request is awaited; dropping the result records that it is complete. A client can
    /// delay its body at no cost, so until then the connection may be closed in favor of others, as an idle one.
    pub(crate) fn receive(&self) -> Receiving {
        let connection = self.connection.clone();
        connection.receiving.update(|number| number + 1);
        Receiving(connection)
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

impl Drop for Receiving {
    fn drop(&mut self) {
        self.0.receiving.update(|number| number.saturating_sub(1));
    }
}

/// Closes the connections that wait for their client and have been inactive the longest. Closes several at once,
/// because finding them requires looking at all connections.
fn close_idle(open: &HashMap<u64, Rc<Connection>>, number: usize) {
    let mut idle: Vec<_> = open.values().filter(|it| it.waits_for_client()).collect();
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

    /// Returns `true` if no complete request is being handled.
    const fn waits_for_client(&self) -> bool {
        self.in_flight.get() <= self.receiving.get()
    }

    fn close(&self) {
        // Fails if the connection is already closed.
        let _ = self.handle.shut_down();
    }
}

/// A duplicate handle of a connection, to close it by.
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
    fn connection_limit_leaves_descriptors_for_other_uses() {
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
