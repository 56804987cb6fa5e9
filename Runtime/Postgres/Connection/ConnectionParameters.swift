import CLibPQ
import Glibc
import WorkerLoop

/// What libpq is told to connect: keywords and values.
struct ConnectionParameters: Sendable, Equatable {
    /// The keywords and their values, each keyword once.
    var values: [(keyword: String, value: String)]
    /// How many statements a connection keeps prepared; not libpq's affair.
    var preparedStatements = 100

    /// Settings that a session begins with where the server knows them: bytes and floating point in the text forms that
    /// are read here, and a server that looks once a second, while it works, whether anybody is left to answer. Without
    /// the last a statement would run to its end though its worker was killed, or its cancellation overlooked.
    static let niceties = ["bytea_output=hex", "extra_float_digits=3", "client_connection_check_interval=1000"]

    /// Milliseconds for what was sent, seconds for the others.
    private static let liveness = [
        ("tcp_user_timeout", "10000"), ("keepalives_idle", "30"), ("keepalives_interval", "5"),
        ("keepalives_count", "3"),
    ]

    /// The parameters that a connection URI or keyword string holds, and those that a loop needs.
    ///
    /// Dates are written in ISO form, whatever the server's and the string's settings are, and times in UTC unless the
    /// string says otherwise (its `options`). Looking for Kerberos tickets reads files and asks name servers at every
    /// connection, so `gssencmode` is `disable` unless the string says otherwise.
    init(_ text: String) throws(PostgresError) {
        var message: UnsafeMutablePointer<CChar>?
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, &message) else {
            // libpq's own message may quote the string, and with it the password.
            PQfreemem(message)
            throw PostgresError(.configuration, "The database's URL cannot be read")
        }
        defer { PQconninfoFree(options) }
        values = []
        var index = 0
        while let keyword = options[index].keyword {
            if let value = options[index].val {
                values.append((String(cString: keyword), String(cString: value)))
            }
            index += 1
        }
        set("client_encoding", "UTF8")
        let own = self["options"].map { [$0] } ?? []
        // Of two settings of one name the last counts.
        set("options", (["-c timezone=UTC"] + own + ["-c datestyle=ISO"]).joined(separator: " "))
        if self["gssencmode"] == nil { set("gssencmode", "disable") }
        // A server that vanished without a word is noticed by what it does not confirm.
        for (keyword, value) in Self.liveness where self[keyword] == nil { set(keyword, value) }
        if self["fallback_application_name"] == nil { set("fallback_application_name", "swiftlet") }
    }

    /// The same with `niceties`; what the string says of these stays.
    func withNiceties() -> ConnectionParameters {
        let present = self["options"] ?? ""
        var result = self
        result.set("options", Self.niceties.map { "-c \($0)" }.joined(separator: " ") + " " + present)
        return result
    }

    /// Whether a connection failed because the server, or a proxy before it, does not take one of `niceties`: servers
    /// before 14 and those that do not run on Unix lack the last one, and some proxies pass on only what they know. The
    /// setting's name is in the message, in whatever language that is.
    static func isRefusal(ofNiceties error: PostgresError) -> Bool {
        niceties.contains { setting in error.message.contains(setting.prefix { $0 != "=" }) }
    }

    /// Makes the server refuse changes unless a statement says otherwise (`default_transaction_read_only`).
    mutating func forbidWriting() {
        set("options", "\(self["options"] ?? "") -c default_transaction_read_only=on")
    }

    subscript(keyword: String) -> String? {
        values.first { $0.keyword == keyword }?.value
    }

    mutating func set(_ keyword: String, _ value: String) {
        values.removeAll { $0.keyword == keyword }
        values.append((keyword, value))
    }

    static func == (first: ConnectionParameters, second: ConnectionParameters) -> Bool {
        first.values.elementsEqual(second.values) { $0 == $1 }
    }

    /// The same with every host name's addresses beside it (`hostaddr`), so that libpq never asks a name server,
    /// which blocks. A name of several addresses stands there once for each; paths of sockets stay as they are.
    func resolved(by resolve: (String) async throws -> [String]) async throws -> ConnectionParameters {
        guard self["hostaddr"] == nil, getenv("PGHOSTADDR") == nil else { return self }
        guard let text = self["host"] ?? getenv("PGHOST").map({ String(cString: $0) }), !text.isEmpty else {
            return self
        }
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let ports = (self["port"] ?? "").split(separator: ",", omittingEmptySubsequences: false).map(
            String.init)
        var hosts: [(name: String, address: String, port: String)] = []
        for (index, name) in names.enumerated() {
            let port = ports.count > 1 && index < ports.count ? ports[index] : ports.first ?? ""
            if name.isEmpty || name.hasPrefix("/") || name.hasPrefix("@") {
                hosts.append((name, "", port))
            } else {
                for address in try await resolve(name) { hosts.append((name, address, port)) }
            }
        }
        // Without a name, `hostaddr` would only make libpq's messages longer.
        guard hosts.contains(where: { !$0.address.isEmpty }) else { return self }
        var result = self
        result.set("host", hosts.map(\.name).joined(separator: ","))
        result.set("hostaddr", hosts.map(\.address).joined(separator: ","))
        if self["port"] != nil {
            // More ports than hosts is libpq's error to report.
            if ports.count <= 1 || ports.count == names.count {
                result.set("port", hosts.map(\.port).joined(separator: ","))
            }
        }
        return result
    }
}
