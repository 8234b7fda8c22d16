//! Datagrams that the kernel dropped before a socket was read, from its table of sockets (`proc(5)`).

use std::fs::{self, File};
use std::io::{self, Error};
use std::net::UdpSocket;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;

/// Place of the number by which a socket is known, and of its drops, in a line of the table.
const INODE: usize = 9;
const DROPS: usize = 12;

/// The drops of one socket.
pub(super) struct Drops {
    table: &'static str,
    inode: u64,
    /// Wraps around, as the kernel's counter does.
    known: u32,
}

impl Drops {
    pub(super) fn begin(socket: &UdpSocket) -> io::Result<Self> {
        let table = if socket.local_addr()?.is_ipv4() {
            "/proc/self/net/udp"
        } else {
            "/proc/self/net/udp6"
        };
        let inode = File::from(OwnedFd::from(socket.try_clone()?))
            .metadata()?
            .ino();
        let mut drops = Self {
            table,
            inode,
            known: 0,
        };
        drops.since_last()?;
        Ok(drops)
    }

    pub(super) fn since_last(&mut self) -> io::Result<u32> {
        let text = fs::read_to_string(self.table)?;
        let now = find(&text, self.inode)
            .ok_or_else(|| Error::other("the kernel does not tell what it drops"))?;
        let new = now.wrapping_sub(self.known);
        self.known = now;
        Ok(new)
    }
}

fn find(table: &str, inode: u64) -> Option<u32> {
    table.lines().find_map(|line| {
        let mut words = line.split_whitespace().skip(INODE);
        let is_ours = words.next()?.parse() == Ok(inode);
        let drops = words.nth(DROPS.saturating_sub(INODE).saturating_sub(1))?;
        is_ours.then(|| drops.parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n\
        1: 0100007F:07E7 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4711 2 0000000000000000 0\n\
        2: 0100007F:07E8 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 4712 2 0000000000000000 93\n";

    #[test]
    fn the_drops_of_a_socket_stand_in_its_own_line() {
        assert_eq!(find(TABLE, 4711), Some(0));
        assert_eq!(find(TABLE, 4712), Some(93));
        assert_eq!(find(TABLE, 93), None);
    }
}
