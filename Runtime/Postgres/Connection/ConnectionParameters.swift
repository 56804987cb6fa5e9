import CLibPQ
import Glibc
import WorkerLoop

/// What libpq is told to connect: keywords and values.
struct ConnectionParameters: Sendable, Equatable {
    /// The keywords and their values, each keyword once.
    var values: [(keyword: String, value: String)]

    /// The parameters that a connection URI or keyword string holds, and those that a loop needs.
    ///
    /// Dates are written in ISO form and times in UTC, whatever the server's settings are. Looking for Kerberos
    /// tickets reads files and asks name servers at every connection, so `gssencmode` is `disable` unless the string
    /// says otherwise.
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
        set("options", "-c datestyle=ISO -c timezone=UTC \(self["options"] ?? "")")
        if self["gssencmode"] == nil { set("gssencmode", "disable") }
        if self["fallback_application_name"] == nil { set("fallback_application_name", "swiftlet") }
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
