//! Opens the listeners of a server: TCP ports and Unix sockets, including stale sockets of a crashed server.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind},
    net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs},
    os::unix::{
        fs::{FileTypeExt, OpenOptionsExt, PermissionsExt},
        net::{UnixListener, UnixStream},
    },
    path::{Path, PathBuf},
};

use rustix::io::Errno;

use crate::config::{ListenAddress, ListenHost, SocketMode};

/// The sockets on which connections are accepted.
#[derive(Debug)]
pub struct Listener {
    pub(crate) tcp: Vec<TcpListener>,
    pub(crate) unix: Option<UnixListener>,
    socket: Option<Socket>,
}

/// The file of a Unix socket. Removed on drop.
#[derive(Debug)]
struct Socket {
    path: PathBuf,
    /// Held while the server runs, so that another server detects it.
    _lock: File,
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self { tcp: vec![listener], unix: None, socket: None }
    }
}

impl Listener {
    /// Opens an address.
    ///
    /// # Errors
    /// Returns an error if the address is in use or not of this machine, or if the user lacks permission.
    pub(crate) fn open(address: &ListenAddress, mode: SocketMode) -> io::Result<Self> {
        match address {
            ListenAddress::Tcp { host, port } => {
                Ok(Self { tcp: tcp(host, *port)?, unix: None, socket: None })
            }
            ListenAddress::Unix(path) => {
                let (listener, socket) = unix(path, mode)?;
                Ok(Self { tcp: Vec::new(), unix: Some(listener), socket: Some(socket) })
            }
        }
    }

    /// Returns the addresses: URLs for TCP, and `unix:` with the path for a Unix socket.
    pub(crate) fn addresses(&self) -> io::Result<Vec<String>> {
        let tcp = self.tcp.iter().map(|listener| Ok(format!("http://{}", listener.local_addr()?)));
        let unix = self.socket.iter().map(|socket| Ok(format!("unix:{}", socket.path.display())));
        tcp.chain(unix).collect()
    }

    /// Returns the TCP port, if there is one.
    pub(crate) fn port(&self) -> Option<u16> {
        self.tcp.first().and_then(|listener| listener.local_addr().ok()).map(|it| it.port())
    }

    /// Separates the listeners, which the HTTP server takes, from the socket's file, which must outlive the server.
    pub(crate) fn split(self) -> (Self, impl Sized) {
        let Self { tcp, unix, socket } = self;
        (Self { tcp, unix, socket: None }, socket)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        // A file that remains is replaced by the next start.
        let _ = fs::remove_file(&self.path);
    }
}

/// Returns what to do about an address that can't be opened.
pub(crate) fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::AddrInUse => "stop what is using it, or choose another address",
        ErrorKind::PermissionDenied => {
            "choose a port of 1024 or more, grant CAP_NET_BIND_SERVICE, or let this user write to the socket's folder"
        }
        ErrorKind::NotFound => "create the folder of the socket, or choose another address",
        ErrorKind::AlreadyExists => "remove what is at the path, or choose another path",
        ErrorKind::AddrNotAvailable => {
            "choose an address of this machine, such as 0.0.0.0 or 127.0.0.1"
        }
        _ => "choose another address",
    }
}

fn tcp(host: &ListenHost, port: u16) -> io::Result<Vec<TcpListener>> {
    match host {
        ListenHost::Ip(address) => Ok(vec![TcpListener::bind((*address, port))?]),
        // An IPv6 listener also accepts IPv4, if the machine has IPv6.
        ListenHost::All => match TcpListener::bind((Ipv6Addr::UNSPECIFIED, port)) {
            Err(error) if is_unavailable(&error) => {
                Ok(vec![TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?])
            }
            bound => Ok(vec![bound?]),
        },
        ListenHost::Name(name) => every((name.as_str(), port).to_socket_addrs()?),
    }
}

/// Opens every address of a name that this machine has. For example, `localhost` has an IPv4 and an IPv6 address.
fn every(addresses: impl Iterator<Item = SocketAddr>) -> io::Result<Vec<TcpListener>> {
    let mut bound: Vec<TcpListener> = Vec::new();
    let mut unavailable = io::Error::from(ErrorKind::AddrNotAvailable);
    for mut address in addresses {
        if let Some(first) = bound.first() {
            address.set_port(first.local_addr()?.port());
        }
        let is_bound = |it: &TcpListener| it.local_addr().is_ok_and(|local| local == address);
        if bound.iter().any(is_bound) {
            continue;
        }
        match TcpListener::bind(address) {
            Ok(listener) => bound.push(listener),
            Err(error) if is_unavailable(&error) => unavailable = error,
            Err(error) => return Err(error),
        }
    }
    if bound.is_empty() { Err(unavailable) } else { Ok(bound) }
}

fn is_unavailable(error: &io::Error) -> bool {
    error.kind() == ErrorKind::AddrNotAvailable
        || error.raw_os_error() == Some(Errno::AFNOSUPPORT.raw_os_error())
}

fn unix(path: &Path, mode: SocketMode) -> io::Result<(UnixListener, Socket)> {
    // Checked before locking, because the lock's file would remain beside a file that is not a socket.
    is_socket(path)?;
    let lock = lock(path)?;
    if is_live(path)? {
        return Err(in_use());
    }
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    let socket = Socket { path: path.to_owned(), _lock: lock };
    listener.set_nonblocking(true)?;
    // Until here, the umask lets only the owner connect.
    fs::set_permissions(path, fs::Permissions::from_mode(mode.bits()))?;
    Ok((listener, socket))
}

/// Returns `true` if a server accepts connections on a socket, and `false` if there is no socket or it is stale.
///
/// # Errors
/// Returns an error if something other than a socket is at the path.
pub(crate) fn is_live(path: &Path) -> io::Result<bool> {
    if !is_socket(path)? {
        return Ok(false);
    }
    match UnixStream::connect(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => Ok(false),
        Err(error) => Err(error),
    }
}

/// Returns `true` if there is a socket, and `false` if there is nothing.
///
/// # Errors
/// Returns an error if something other than a socket is at the path.
fn is_socket(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => Ok(true),
        Ok(_) => Err(io::Error::new(
            ErrorKind::AlreadyExists,
            "something that is not a socket exists at this path and is not replaced",
        )),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Locks a socket, so that only one of two servers that find the same stale socket replaces it. The lock's file is not
/// removed: otherwise, two servers could lock two different files.
fn lock(path: &Path) -> io::Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let mut options = OpenOptions::new();
    let file = options.create(true).truncate(false).write(true).mode(0o600).open(name)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(in_use()),
        // On a file system without locks, a live server is only detected by connecting.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

fn in_use() -> io::Error {
    io::Error::new(ErrorKind::AddrInUse, "another server listens on this socket")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(text: &str) -> io::Result<Listener> {
        Listener::open(&text.parse().unwrap(), SocketMode::default())
    }

    #[test]
    fn host_name_is_bound_at_every_address_with_one_port() {
        let listener = opened("localhost:0").unwrap();
        let ports = listener.tcp.iter().map(|it| it.local_addr().unwrap());
        assert!(
            ports.clone().all(|it| it.ip().is_loopback() && Some(it.port()) == listener.port())
        );
        assert!(opened("no-such-host.invalid:0").is_err());
        let all = opened(":0").unwrap();
        assert!(TcpListener::bind(("127.0.0.1", all.port().unwrap())).is_err());
    }

    #[test]
    fn stale_socket_is_replaced_and_live_socket_is_not() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("doorward.sock");
        let address = format!("unix:{}", path.display());
        // Dropped without removing the file, as when the server is killed.
        drop(UnixListener::bind(&path).unwrap());
        let first = opened(&address).unwrap();
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o660);
        assert_eq!(opened(&address).unwrap_err().kind(), ErrorKind::AddrInUse);
        assert!(UnixStream::connect(&path).is_ok());
        drop(first);
        assert!(!path.exists());
        // A socket of another program, which takes no lock.
        let other = UnixListener::bind(&path).unwrap();
        assert_eq!(opened(&address).unwrap_err().kind(), ErrorKind::AddrInUse);
        drop(other);
        assert!(opened(&address).is_ok());
    }

    #[test]
    fn regular_file_at_the_socket_path_is_not_replaced() {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "precious").unwrap();
        assert!(opened(&format!("unix:{}", path.display())).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        let in_folder = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(in_folder, 1, "no lock file remains");
    }
}
