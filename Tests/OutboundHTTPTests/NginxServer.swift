import Foundation

/// A real server with TLS and HTTP/2: Debian's nginx with a configuration of the tests' own, on a free port.
final class NginxServer: Sendable {
    /// Why there is no server, as a sentence.
    struct Failure: Error {
        let sentence: String
    }

    let port: UInt16
    /// The path of the certificate in PEM form.
    let certificate: String
    private let folder: URL
    private let process: Process

    var url: String { "https://localhost:\(port)" }

    /// `/who` answers with protocol and number of the connection, `/large` with 4 MiB, `/echo` with the body's length,
    /// `/plain` redirects to http.
    init() throws {
        let program = URL(fileURLWithPath: "/usr/sbin/nginx")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Failure(sentence: "nginx is missing: apt-get install nginx-light")
        }
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try TLSServer.makeCertificate(in: folder)
        certificate = made.certificate
        try Data(repeating: 120, count: 4 << 20).write(to: folder.appendingPathComponent("large"))
        var running: (Process, UInt16)?
        // Another program may take the port in between: then the next one.
        for _ in 0..<5 where running == nil {
            let port = try TinyServer { _ in nil }.port
            let configuration = folder.appendingPathComponent("nginx.conf")
            try Self.text(folder.path, port: port, made.certificate, made.key)
                .write(to: configuration, atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = program
            process.arguments = ["-p", folder.path, "-c", configuration.path, "-e", "stderr"]
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            if Self.listens(port, process) { running = (process, port) }
        }
        guard let running else { throw Failure(sentence: "nginx does not start") }
        (process, port) = running
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func text(_ folder: String, port: UInt16, _ certificate: String, _ key: String) -> String {
        """
        daemon off;
        master_process off;
        pid \(folder)/pid;
        worker_processes 1;
        events { worker_connections 256; }
        http {
            access_log off;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            client_max_body_size 64m;
            keepalive_requests 100000;
            server {
                listen 127.0.0.1:\(port) ssl http2;
                server_name localhost;
                ssl_certificate \(certificate);
                ssl_certificate_key \(key);
                root \(folder);
                location /who { return 200 "$server_protocol $connection"; }
                location /echo { proxy_pass https://127.0.0.1:\(port)/length; proxy_set_header X-Length $content_length; }
                location /length { client_max_body_size 64m; return 200 "$http_x_length"; }
                location /plain { return 302 http://localhost:\(port)/who; }
            }
        }
        """
    }

    private static func listens(_ port: UInt16, _ process: Process) -> Bool {
        for _ in 0..<5000 {
            guard process.isRunning else { return false }
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isConnected { return true }
            usleep(2000)
        }
        return false
    }
}
