//! What a server listens on: loopback only, or not.

use std::net::SocketAddr;

/// The addresses that are not loopback ones, on which a child of that process, or another process of the child's group, listens
/// for TCP connections. Where the system does not tell (it is Linux that does, in `/proc`) there are none.
#[cfg(target_os = "linux")]
pub(super) fn exposed(parent: u32) -> Vec<SocketAddr> {
    let processes = linux::processes();
    let groups: Vec<u32> =
        processes.iter().filter(|process| process.parent == parent).map(|process| process.group).collect();
    let sockets: Vec<String> =
        processes.iter().filter(|process| groups.contains(&process.group)).flat_map(linux::sockets).collect();
    let mut addresses: Vec<SocketAddr> = linux::listeners()
        .filter(|(inode, address)| sockets.contains(inode) && !address.ip().to_canonical().is_loopback())
        .map(|(_, address)| address)
        .collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exposed(_: u32) -> Vec<SocketAddr> {
    Vec::new()
}

#[cfg(target_os = "linux")]
pub(super) mod linux {
    use std::fs;
    use std::net::{IpAddr, SocketAddr};

    /// A process, as `/proc/PID/stat` tells of it.
    pub(in super::super) struct Process {
        pub(in super::super) id: u32,
        pub(in super::super) parent: u32,
        pub(in super::super) group: u32,
    }

    pub(in super::super) fn processes() -> Vec<Process> {
        let names = fs::read_dir("/proc").into_iter().flatten().flatten().map(|entry| entry.file_name());
        names.filter_map(|name| process(name.to_str()?.parse().ok()?)).collect()
    }

    fn process(id: u32) -> Option<Process> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // Behind the name, which may hold anything: state, parent, group.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(1).map(str::parse);
        Some(Process { id, parent: fields.next()?.ok()?, group: fields.next()?.ok()? })
    }

    /// The inodes of a process's sockets.
    pub(super) fn sockets(process: &Process) -> Vec<String> {
        let files = fs::read_dir(format!("/proc/{}/fd", process.id)).into_iter().flatten().flatten();
        let inode =
            |link: std::path::PathBuf| Some(link.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned());
        files.filter_map(|file| fs::read_link(file.path()).ok()).filter_map(inode).collect()
    }

    /// Every listening TCP socket: its inode and its address.
    pub(super) fn listeners() -> impl Iterator<Item = (String, SocketAddr)> {
        let tables =
            ["/proc/self/net/tcp", "/proc/self/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
        let lines: Vec<String> = tables.iter().flat_map(|table| table.lines()).map(str::to_owned).collect();
        lines.into_iter().filter_map(|line| listener(&line))
    }

    fn listener(line: &str) -> Option<(String, SocketAddr)> {
        const LISTENS: &str = "0A";
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (address, port) = fields.get(1)?.split_once(':')?;
        let port = u16::from_str_radix(port, 16).ok()?;
        let inode = (*fields.get(9)?).to_owned();
        (*fields.get(3)? == LISTENS).then_some((inode, SocketAddr::new(ip(address)?, port)))
    }

    /// Words of 32 bits in the machine's order, each in hexadecimal digits.
    fn ip(text: &str) -> Option<IpAddr> {
        let words = text.as_bytes().chunks(8).map(|word| u32::from_str_radix(std::str::from_utf8(word).ok()?, 16).ok());
        let bytes: Vec<u8> = words.collect::<Option<Vec<u32>>>()?.into_iter().flat_map(u32::to_ne_bytes).collect();
        match bytes.len() {
            4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
            _ => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn listeners_are_read() {
            #[cfg(target_endian = "little")]
            for (line, address) in [
                ("0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 77 1", Some("127.0.0.1:8080")),
                ("0: 00000000:1F90 00000000:0000 0A 0:0 0:0 0 0 0 77 1", Some("0.0.0.0:8080")),
                ("0: 00000000000000000000000001000000:0050 0:0 0A 0:0 0:0 0 0 0 77 1", Some("[::1]:80")),
                ("0: 0100007F:1F90 0100007F:0050 01 0:0 0:0 0 0 0 77 1", None),
                ("sl local_address rem_address st", None),
            ] {
                let wanted = address.map(|address| ("77".to_owned(), address.parse().unwrap()));
                assert_eq!(listener(line), wanted, "{line}");
            }
        }
    }
}
