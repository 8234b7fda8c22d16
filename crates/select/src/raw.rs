//! The ring between the kernel and the engine: `AF_PACKET` with `TPACKET_V3` (`packet(7)`).
//!
//! The only unsafe code of the engine: a socket of packets and memory that is shared with the kernel have no safe
//! interface. What the blocks hold is read in [`crate::live`], by safe code.
#![expect(
    unsafe_code,
    reason = "system calls without a safe wrapper, and memory shared with the kernel"
)]

use std::ffi::{CString, c_int, c_void};
use std::io::{self, Error};
use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU32, Ordering};

/// Octets of a block. The largest packet that the kernel hands on fits.
pub(crate) const BLOCK_BYTES: usize = 256 * 1024;
/// Blocks of the ring: 16 MiB.
pub(crate) const BLOCKS: usize = 64;
/// Octets kept free before each frame, for a VLAN tag that the kernel took out.
pub(crate) const TAG_BYTES: u32 = 4;

/// A block that is not full is handed on after this time.
const RETIRE_MS: u32 = 64;
/// Of frames, as the kernel counts them; with blocks of many frames only its place in them matters.
const FRAME_BYTES: u32 = 2048;
const TPACKET_V3: c_int = 2;
/// Where a block says whose it is.
const STATUS_AT: usize = 8;
const OF_KERNEL: u32 = 0;
const OF_USER: u32 = libc::TP_STATUS_USER;
/// The instruction of a packet filter that drops everything.
const RETURN: u16 = 0x06;

/// What the kernel counted since it was last asked.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Statistics {
    /// Put into the ring or dropped.
    pub(crate) packets: u32,
    /// Dropped, because the ring was full.
    pub(crate) drops: u32,
}

/// A socket that receives from one interface, and its ring. It never sends.
pub(crate) struct Ring {
    socket: OwnedFd,
    /// `BLOCKS` blocks of `BLOCK_BYTES`, mapped until the ring is dropped.
    memory: NonNull<u8>,
}

impl Ring {
    /// Receives what arrives at `interface`, not what this machine sends there.
    pub(crate) fn open(interface: &str, promiscuous: bool) -> io::Result<Self> {
        let index = index_of(interface)?;
        // Protocol 0: nothing arrives before the socket is bound, so nothing of another interface.
        let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
        // SAFETY: takes no pointers.
        let number = checked(unsafe { libc::socket(libc::AF_PACKET, kind, 0) })?;
        // SAFETY: the number was just made and belongs to nobody else.
        let socket = unsafe { OwnedFd::from_raw_fd(number) };
        set(&socket, libc::PACKET_VERSION, &TPACKET_V3)?;
        set(&socket, libc::PACKET_RESERVE, &TAG_BYTES)?;
        set(&socket, libc::PACKET_IGNORE_OUTGOING, &1)?;
        let block_bytes = number_of(BLOCK_BYTES)?;
        let blocks = number_of(BLOCKS)?;
        let frames = BLOCK_BYTES
            .saturating_mul(BLOCKS)
            .checked_div(usize::try_from(FRAME_BYTES).map_err(Error::other)?);
        let request = libc::tpacket_req3 {
            tp_block_size: block_bytes,
            tp_block_nr: blocks,
            tp_frame_size: FRAME_BYTES,
            tp_frame_nr: number_of(frames.unwrap_or(0))?,
            tp_retire_blk_tov: RETIRE_MS,
            tp_sizeof_priv: 0,
            tp_feature_req_word: 0,
        };
        set(&socket, libc::PACKET_RX_RING, &request)?;
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping at a place the kernel chooses; it is as long as the ring that was just made.
        let memory = unsafe {
            libc::mmap(
                ptr::null_mut(),
                length(),
                access,
                libc::MAP_SHARED,
                socket.as_raw_fd(),
                0,
            )
        };
        if memory == libc::MAP_FAILED {
            return Err(Error::last_os_error());
        }
        let memory = NonNull::new(memory.cast::<u8>())
            .ok_or_else(|| Error::other("the ring is at address zero"))?;
        let ring = Self { socket, memory };
        if promiscuous {
            let membership = libc::packet_mreq {
                mr_ifindex: index,
                mr_type: u16::try_from(libc::PACKET_MR_PROMISC).map_err(Error::other)?,
                mr_alen: 0,
                mr_address: [0; 8],
            };
            set(&ring.socket, libc::PACKET_ADD_MEMBERSHIP, &membership)?;
        }
        ring.bind(index)?;
        Ok(ring)
    }

    fn bind(&self, index: c_int) -> io::Result<()> {
        let every = u16::try_from(libc::ETH_P_ALL).map_err(Error::other)?;
        let place = libc::sockaddr_ll {
            sll_family: u16::try_from(libc::AF_PACKET).map_err(Error::other)?,
            sll_protocol: every.to_be(),
            sll_ifindex: index,
            sll_hatype: 0,
            sll_pkttype: 0,
            sll_halen: 0,
            sll_addr: [0; 8],
        };
        let size = number_of(size_of_val(&place))?;
        let number = self.socket.as_raw_fd();
        // SAFETY: `place` is a whole address of the size that is given, and lives through the call.
        checked(unsafe { libc::bind(number, (&raw const place).cast(), size) })?;
        Ok(())
    }

    /// The block at a place, when it is ours; it stays so until it is given back.
    pub(crate) fn block(&mut self, at: usize) -> Option<&mut [u8]> {
        if self.status(at)?.load(Ordering::Acquire) & OF_USER == 0 {
            return None;
        }
        let begin = self.begin(at)?;
        // SAFETY: the block lies within the mapping, which outlives `self`. It is ours, so the kernel does not write to
        // it; it is lent by `&mut self`, so nobody else has it.
        Some(unsafe { std::slice::from_raw_parts_mut(begin, BLOCK_BYTES) })
    }

    /// Gives a block to the kernel, which may fill it again.
    pub(crate) fn give_back(&mut self, at: usize) {
        if let Some(status) = self.status(at) {
            status.store(OF_KERNEL, Ordering::Release);
        }
    }

    /// Waits for a block for so long; fails when the interface does.
    pub(crate) fn wait(&self, milliseconds: c_int) -> io::Result<()> {
        let mut asked = libc::pollfd {
            fd: self.socket.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        // SAFETY: one description of a socket, which lives through the call.
        match checked(unsafe { libc::poll(&raw mut asked, 1, milliseconds) }) {
            Ok(_) if asked.revents & libc::POLLERR != 0 => Err(self.failure()?),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// What the kernel counted since the last time.
    pub(crate) fn statistics(&self) -> io::Result<Statistics> {
        let mut counted = libc::tpacket_stats_v3 {
            tp_packets: 0,
            tp_drops: 0,
            tp_freeze_q_cnt: 0,
        };
        self.ask(libc::SOL_PACKET, libc::PACKET_STATISTICS, &mut counted)?;
        Ok(Statistics {
            packets: counted.tp_packets,
            drops: counted.tp_drops,
        })
    }

    /// From now on nothing enters the ring.
    pub(crate) fn close(&self) -> io::Result<()> {
        let mut nothing = libc::sock_filter {
            code: RETURN,
            jt: 0,
            jf: 0,
            k: 0,
        };
        let program = libc::sock_fprog {
            len: 1,
            filter: &raw mut nothing,
        };
        let level = libc::SOL_SOCKET;
        set_at(&self.socket, level, libc::SO_ATTACH_FILTER, &program)
    }

    /// A copy of the whole ring, whosever its blocks are.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> Vec<u8> {
        // SAFETY: the mapping is as long as stated; a test that has closed the ring is the only one to look.
        unsafe { std::slice::from_raw_parts(self.memory.as_ptr(), length()) }.to_vec()
    }

    fn failure(&self) -> io::Result<Error> {
        let mut code: c_int = 0;
        self.ask(libc::SOL_SOCKET, libc::SO_ERROR, &mut code)?;
        Ok(Error::from_raw_os_error(code))
    }

    fn ask<T: Copy>(&self, level: c_int, option: c_int, answer: &mut T) -> io::Result<()> {
        let mut size = number_of(size_of::<T>())?;
        let place: *mut T = answer;
        // SAFETY: the kernel writes at most `size` octets to `answer`; the types it is called with are plain numbers.
        checked(unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                level,
                option,
                place.cast(),
                &raw mut size,
            )
        })?;
        Ok(())
    }

    fn begin(&self, at: usize) -> Option<*mut u8> {
        let offset = at.checked_mul(BLOCK_BYTES).filter(|_| at < BLOCKS)?;
        // SAFETY: `offset` is within the mapping, since `at` is less than the number of its blocks.
        Some(unsafe { self.memory.as_ptr().add(offset) })
    }

    fn status(&self, at: usize) -> Option<&AtomicU32> {
        let begin = self.begin(at)?;
        // SAFETY: blocks begin at pages, so the place is aligned; it lies within the mapping, which outlives `self`; kernel
        // and engine change it by whole words only.
        Some(unsafe { AtomicU32::from_ptr(begin.add(STATUS_AT).cast()) })
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        let _wiped_all_the_same = self.close();
        // SAFETY: the mapping is as long as stated, nobody has a part of it any more, and nothing enters it now.
        unsafe {
            ptr::write_bytes(self.memory.as_ptr(), 0, length());
            let _unmapped = libc::munmap(self.memory.as_ptr().cast::<c_void>(), length());
        }
    }
}

fn index_of(interface: &str) -> io::Result<c_int> {
    let name = CString::new(interface).map_err(Error::other)?;
    // SAFETY: a text that ends in zero and lives through the call.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(Error::last_os_error()),
        index => c_int::try_from(index).map_err(Error::other),
    }
}

fn set<T>(socket: &OwnedFd, option: c_int, value: &T) -> io::Result<()> {
    set_at(socket, libc::SOL_PACKET, option, value)
}

fn set_at<T>(socket: &OwnedFd, level: c_int, option: c_int, value: &T) -> io::Result<()> {
    let size = number_of(size_of::<T>())?;
    let place: *const T = value;
    // SAFETY: the kernel reads `size` octets from `value`, which lives through the call.
    checked(unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, place.cast(), size) })?;
    Ok(())
}

/// Octets of the whole ring.
const fn length() -> usize {
    BLOCK_BYTES.saturating_mul(BLOCKS)
}

fn number_of(size: usize) -> io::Result<u32> {
    u32::try_from(size).map_err(Error::other)
}

/// The answer of a system call, or why there is none.
fn checked(answer: c_int) -> io::Result<c_int> {
    if answer < 0 {
        return Err(Error::last_os_error());
    }
    Ok(answer)
}
