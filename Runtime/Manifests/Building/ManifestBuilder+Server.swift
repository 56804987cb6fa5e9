extension ManifestBuilder {
    func server() -> ServerSettings {
        var settings = ServerSettings()
        guard let section = root.section("server") else { return settings }
        if let items = section.items("listen") {
            settings.listen = items.compactMap { address($0) }
            checkDoubled(items, settings.listen)
        }
        settings.admin = admin(section, listen: settings.listen)
        section.read("prefix", into: &settings.prefix)
        section.read("headerTimeout", into: &settings.headerTimeout)
        section.read("idleTimeout", into: &settings.idleTimeout)
        section.read("shutdown", into: &settings.shutdown)
        section.read("shutdownDelay", into: &settings.shutdownDelay)
        section.read("maxConnections", into: &settings.maxConnections)
        section.read("threads", into: &settings.threads)
        settings.trustedProxies = (section.texts("trustedProxies") ?? []).compactMap { AddressRange($0) }
        section.read("forwardedBy", into: &settings.forwardedBy)
        if section.items("listen")?.isEmpty == true {
            problems.error(
                section.position(of: "listen"), "`listen` is an empty list",
                fix: "write `listen: 127.0.0.1:8080`")
        }
        return settings
    }

    /// An address with its path made absolute.
    private func address(_ item: Checked) -> ListenAddress? {
        guard case .text(let text) = item.value, let address = ListenAddress(text) else { return nil }
        switch address {
        case .tcp: return address
        case .systemd:
            refuse(
                "server.listen=systemd", shown: "systemd:NAME", at: item.position,
                fix: "write `HOST:PORT` or `unix:PATH`")
            return address
        case .unix(let path):
            let path = absolute(path)
            // sockaddr_un holds 108 bytes, the last of them zero.
            if path.utf8.count > 107 {
                problems.error(
                    item.position,
                    "the socket's path has \(path.utf8.count) bytes with the folder before it, the system takes 107",
                    fix: "write a shorter path, such as `unix:/run/swiftlet.sock`")
            }
            return .unix(path)
        }
    }

    private func checkDoubled(_ items: [Checked], _ addresses: [ListenAddress]) {
        guard items.count == addresses.count else { return }
        for (index, address) in addresses.enumerated() where addresses[..<index].contains(address) {
            if case .tcp(_, 0) = address { continue }
            problems.error(
                items[index].position, "`\(address)` is listened on twice", fix: "remove one of them")
        }
    }

    private func admin(_ section: Section, listen: [ListenAddress]) -> ListenAddress? {
        guard let text = section.text("admin"), let address = ListenAddress(text) else { return nil }
        guard case .tcp(_, let port) = address else {
            problems.error(
                section.position(of: "admin"), "`admin` must be a host and a port",
                fix: "write `admin: 127.0.0.1:9901`; `.swiftlet/admin.sock` is there without asking")
            return nil
        }
        if listen.contains(address), port != 0 {
            problems.error(
                section.position(of: "admin"), "`admin` is the address that `listen` has",
                fix: "give it a port of its own, such as `127.0.0.1:9901`")
        }
        return address
    }

    func cors() -> CORSSettings? {
        guard let section = root.section("cors") else { return nil }
        var settings = CORSSettings(origins: section.texts("origins") ?? [])
        settings.methods = section.texts("methods")
        settings.headers = section.texts("headers")
        settings.expose = section.texts("expose")
        section.read("credentials", into: &settings.credentials)
        settings.maxAge = section.duration("maxAge")
        if settings.allowsEveryOrigin, settings.credentials {
            problems.error(
                section.position(of: "credentials"), "`credentials` cannot be allowed to every origin (`*`)",
                fix: "list the origins, or remove `credentials`")
        }
        if settings.allowsEveryOrigin, settings.origins.count > 1 {
            problems.error(
                section.position(of: "origins"),
                "`*` stands for every origin, so others beside it mean nothing",
                fix: "write `origins: [\"*\"]`, or list the origins without `*`")
        }
        return settings
    }
}
