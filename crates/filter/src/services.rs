//! Well-known service names, for constants of port fields (`fd.port = https`).

/// The port registered for a service name.
///
/// From the IANA service registry, the names that hosts commonly list in `/etc/services`.
pub(crate) fn port(name: &str) -> Option<u16> {
    TABLE
        .iter()
        .find(|(known, _)| *known == name)
        .map(|&(_, port)| port)
}

/// The name of the service registered for a port, the most usual one where there are several.
pub fn service_name(port: u16) -> Option<&'static str> {
    TABLE
        .iter()
        .find(|&&(_, known)| known == port)
        .map(|&(name, _)| name)
}

/// The known name nearest to `name`, for suggestions.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|&(name, _)| name)
}

const TABLE: &[(&str, u16)] = &[
    ("tcpmux", 1),
    ("echo", 7),
    ("discard", 9),
    ("systat", 11),
    ("daytime", 13),
    ("netstat", 15),
    ("qotd", 17),
    ("chargen", 19),
    ("ftp-data", 20),
    ("ftp", 21),
    ("ssh", 22),
    ("telnet", 23),
    ("smtp", 25),
    ("mail", 25),
    ("time", 37),
    ("whois", 43),
    ("tacacs", 49),
    ("domain", 53),
    ("bootps", 67),
    ("bootpc", 68),
    ("tftp", 69),
    ("gopher", 70),
    ("finger", 79),
    ("http", 80),
    ("www", 80),
    ("kerberos", 88),
    ("pop3", 110),
    ("pop-3", 110),
    ("sunrpc", 111),
    ("portmapper", 111),
    ("auth", 113),
    ("nntp", 119),
    ("ntp", 123),
    ("epmap", 135),
    ("netbios-ns", 137),
    ("netbios-dgm", 138),
    ("netbios-ssn", 139),
    ("imap2", 143),
    ("imap", 143),
    ("snmp", 161),
    ("snmp-trap", 162),
    ("snmptrap", 162),
    ("cmip-man", 163),
    ("xdmcp", 177),
    ("bgp", 179),
    ("irc", 194),
    ("smux", 199),
    ("ipx", 213),
    ("ptp-event", 319),
    ("ptp-general", 320),
    ("ldap", 389),
    ("svrloc", 427),
    ("https", 443),
    ("snpp", 444),
    ("microsoft-ds", 445),
    ("kpasswd", 464),
    ("submissions", 465),
    ("smtps", 465),
    ("ssmtp", 465),
    ("urd", 465),
    ("isakmp", 500),
    ("exec", 512),
    ("biff", 512),
    ("login", 513),
    ("who", 513),
    ("syslog", 514),
    ("shell", 514),
    ("printer", 515),
    ("talk", 517),
    ("ntalk", 518),
    ("route", 520),
    ("uucp", 540),
    ("klogin", 543),
    ("kshell", 544),
    ("dhcpv6-client", 546),
    ("dhcpv6-server", 547),
    ("afpovertcp", 548),
    ("rtsp", 554),
    ("nntps", 563),
    ("snntp", 563),
    ("submission", 587),
    ("ipp", 631),
    ("ldaps", 636),
    ("tinc", 655),
    ("silc", 706),
    ("kerberos-adm", 749),
    ("domain-s", 853),
    ("rsync", 873),
    ("ftps-data", 989),
    ("ftps", 990),
    ("telnets", 992),
    ("imaps", 993),
    ("pop3s", 995),
    ("socks", 1080),
    ("openvpn", 1194),
    ("ms-sql-s", 1433),
    ("ms-sql-m", 1434),
    ("l2f", 1701),
    ("radius", 1812),
    ("radius-acct", 1813),
    ("nfs", 2049),
    ("mysql", 3306),
    ("rdp", 3389),
    ("ms-wbt-server", 3389),
    ("nut", 3493),
    ("svn", 3690),
    ("subversion", 3690),
    ("epmd", 4369),
    ("sip", 5060),
    ("sip-tls", 5061),
    ("xmpp-client", 5222),
    ("xmpp-server", 5269),
    ("mdns", 5353),
    ("postgresql", 5432),
    ("postgres", 5432),
    ("amqps", 5671),
    ("amqp", 5672),
    ("x11", 6000),
    ("redis", 6379),
    ("ircs-u", 6697),
    ("http-alt", 8080),
    ("webcache", 8080),
    ("puppet", 8140),
    ("git", 9418),
    ("zabbix-agent", 10050),
    ("zabbix-trapper", 10051),
    ("amanda", 10080),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique() {
        let mut seen = std::collections::HashSet::new();
        for (name, _) in TABLE {
            assert!(seen.insert(name), "{name} is listed twice");
        }
    }

    #[test]
    fn common_names_are_known() {
        assert_eq!(port("https"), Some(443));
        assert_eq!(port("redis"), Some(6379));
        assert_eq!(port("nosuch"), None);
    }
}
