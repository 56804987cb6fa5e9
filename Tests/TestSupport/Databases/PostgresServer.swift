import Foundation
import Glibc
import Synchronization

/// A real PostgreSQL for tests, on a Unix socket in a temporary folder.
///
/// The server belongs to a shell that waits for the end of its standard input: when this process ends, however it
/// ends, the shell stops the server and removes the folder. As root, both run as the user `postgres`, for PostgreSQL
/// refuses root.
public final class PostgresServer: Sendable {
    /// Why there is no server, as a sentence.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence.
        public let description: String
    }

    /// The folder of the socket, the data and the log.
    public let folder: String
    /// The port of 127.0.0.1 on which it speaks TLS; nil when it has a Unix socket only.
    public let port: Int?
    private let commands: FileHandle
    private let answers: Mutex<LineReader>
    private let databases = Mutex<(count: Int, hasTemplate: Bool)>((0, false))

    private static let one = Result { try PostgresServer() }

    /// The server that all tests of this process share; it is started by the first.
    public static func shared() throws -> PostgresServer { try one.get() }

    /// A server of one's own with TLS on a TCP port, with a `certificate` that only it has signed, valid for `localhost`.
    /// The role `sealed` is let in over TLS only.
    public static func speakingTLS() throws -> PostgresServer {
        // Another program may take the port in between: then the next one.
        for _ in 0..<5 {
            if let server = try? PostgresServer(port: freePort()) { return server }
        }
        return try PostgresServer(port: freePort())
    }

    /// The path of the certificate of a server that speaks TLS, in PEM form.
    public var certificate: String { "\(folder)/certificate.pem" }

    /// A server of one's own, for tests that stop it.
    public convenience init() throws { try self.init(port: nil) }

    private init(port: Int?) throws {
        self.port = port
        guard let binaries = Self.binaries else {
            throw Failure(description: "PostgreSQL is missing: apt-get install postgresql-15")
        }
        // Close-on-exec, or other programs that tests start would keep the server alive.
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(description: "There is no pipe left") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        commands = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
        let input = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
        let shell = ["/bin/sh", "-c", Self.keeper, "keeper", binaries, port.map { "\($0)" } ?? ""]
        process.arguments = getuid() == 0 ? ["/usr/sbin/runuser", "-u", "postgres", "--"] + shell : shell
        process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.close()
        var reader = LineReader(output.fileHandleForReading)
        let answer = try reader.next()
        guard answer.hasPrefix("ready ") else {
            throw Failure(description: "PostgreSQL does not start: \(answer)")
        }
        folder = String(answer.dropFirst("ready ".count))
        answers = Mutex(reader)
    }

    /// The address of one of the server's databases.
    public func url(_ database: String = "postgres") -> String {
        "postgresql:///\(database)?host=\(folder)&user=postgres" + (port.map { "&port=\($0)" } ?? "")
    }

    /// Makes an empty database, and answers with its address.
    public func makeDatabase() throws -> String {
        try makeDatabase(template: "template1")
    }

    /// Makes a database with the tables and users of `Functions/Database`, and answers with its address.
    public func makeMigratedDatabase() throws -> String {
        try databases.withLock { databases in
            if databases.hasTemplate { return }
            try run("CREATE DATABASE migrated")
            try migrate(url("migrated"))
            databases.hasTemplate = true
        }
        return try makeDatabase(template: "migrated")
    }

    /// Applies the migrations of `Functions/Database` to a database; answers with what the command said.
    @discardableResult
    public func migrate(_ url: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.appendingPathComponent("Functions/Database/migrate").path
        var environment = ProcessInfo.processInfo.environment
        environment["DATABASE_URL"] = url
        return try Self.output(of: path, [], environment: environment)
    }

    /// Stops the server; every connection ends.
    public func stop() throws { try tell("stop", expecting: "stopped") }

    /// Starts a server that was stopped, with the same data at the same address.
    public func start() throws { try tell("start", expecting: "started") }

    /// Runs one statement by `psql`, and answers with what it prints.
    @discardableResult
    public func run(_ statement: String, database: String = "postgres") throws -> String {
        guard let binaries = Self.binaries else { throw Failure(description: "PostgreSQL is missing") }
        return try Self.output(
            of: "\(binaries)/psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url(database)])
    }

    private func makeDatabase(template: String) throws -> String {
        // One at a time: a template must not be in use twice at once.
        let name = try databases.withLock { databases in
            databases.count += 1
            let name = "test_\(databases.count)"
            try run("CREATE DATABASE \(name) TEMPLATE \(template)")
            return name
        }
        return url(name)
    }

    private func tell(_ command: String, expecting expected: String) throws {
        try answers.withLock { answers in
            try commands.write(contentsOf: Data("\(command)\n".utf8))
            let answer = try answers.next()
            guard answer == expected else { throw Failure(description: "PostgreSQL: \(answer)") }
        }
    }

    private static func output(
        of program: String, _ arguments: [String], environment: [String: String]? = nil
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(description: "\(program): \(text)") }
        return text
    }

    /// Makes a certificate for `localhost` that only it has signed, and answers with its path.
    public static func makeCertificate(in folder: String) throws -> String {
        let certificate = "\(folder)/certificate.pem"
        _ = try output(
            of: "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "\(folder)/key.pem",
                "-out", certificate,
            ])
        return certificate
    }

    /// A port that nobody listens on.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw Failure(description: "There is no port left") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static var binaries: String? {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        return versions.compactMap { Int($0) }.sorted(by: >).map { "/usr/lib/postgresql/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }

    private static let keeper = """
        bin=$1
        port=$2
        dir=$(mktemp -d /tmp/swiftlet-test.XXXXXX) || exit 1
        fail() { echo "$1: $(tail -n 3 "$dir/log" | tr '\\n' ' ')"; rm -rf "$dir"; exit 1; }
        start() {
            "$bin/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/log" -o "-c listen_addresses='' \
        -c unix_socket_directories='$dir' -c fsync=off -c full_page_writes=off -c max_connections=800 $tls" \
                start >/dev/null 2>&1 </dev/null
        }
        stop() { "$bin/pg_ctl" -D "$dir/data" -w -m "$1" stop >/dev/null 2>&1 </dev/null; }
        "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/log" 2>&1 \
            </dev/null || fail "initdb failed"
        printf '%s\\n' "listen_addresses = ''" "unix_socket_directories = '$dir'" 'fsync = off' \
            'full_page_writes = off' 'max_connections = 200' >>"$dir/data/postgresql.conf"
        if [ -n "$port" ]; then
            tls="-c listen_addresses=127.0.0.1 -c port=$port -c ssl=on"
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost \
                -addext subjectAltName=DNS:localhost -keyout "$dir/data/server.key" -out "$dir/data/server.crt" \
                2>>"$dir/log" </dev/null || fail "there is no certificate"
            chmod 600 "$dir/data/server.key"
            cp "$dir/data/server.crt" "$dir/certificate.pem"
        fi
        printf 'hostnossl all sealed all reject\\nlocal all locked scram-sha-256\\nhost all locked 127.0.0.1/32 scram-sha-256\\nlocal all all trust\\nhost all all 127.0.0.1/32 trust\\n' >"$dir/data/pg_hba.conf"
        start || fail "the server does not start"
        echo "ready $dir"
        while read -r command; do
            case $command in
                stop) stop fast; echo stopped ;;
                start) if start; then echo started; else echo "it does not start again"; fi ;;
            esac
        done
        stop immediate
        rm -rf "$dir"
        """
}
