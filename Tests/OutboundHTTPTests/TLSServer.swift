import Foundation

/// An HTTPS server with a certificate that only it has signed, valid for `localhost`: OpenSSL's own.
final class TLSServer: Sendable {
    /// Why there is no server, as a sentence.
    struct Failure: Error {
        let sentence: String
    }

    let port: UInt16
    /// The path of the certificate in PEM form.
    let certificate: String
    private let folder: URL
    private let process: Process
    private let output: Pipe

    init() throws {
        let program = URL(fileURLWithPath: "/usr/bin/openssl")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Failure(sentence: "OpenSSL is missing: apt-get install openssl")
        }
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "swiftlet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let made = try Self.makeCertificate(in: folder)
        certificate = made.certificate
        process = Process()
        process.executableURL = program
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certificate, "-key", made.key]
        output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // It says "ACCEPT 127.0.0.1:40123".
        var text = ""
        var found: UInt16?
        while found == nil {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failure(sentence: "OpenSSL's server does not start: \(text)") }
            text += String(decoding: more, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1)
            where line.hasPrefix("ACCEPT ") {
                found = line.split(separator: ":").last.flatMap { UInt16($0) }
            }
        }
        port = found ?? 0
    }

    /// A certificate that only it has signed, valid for `localhost`, and its key: two files in PEM form.
    static func makeCertificate(in folder: URL) throws -> (certificate: String, key: String) {
        let key = folder.appendingPathComponent("key.pem").path
        let certificate = folder.appendingPathComponent("certificate.pem").path
        let request = Process()
        request.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        request.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out",
            certificate,
        ]
        request.standardError = FileHandle.nullDevice
        try request.run()
        request.waitUntilExit()
        return (certificate, key)
    }

    deinit {
        // Not `terminate()`: a child inherits what signals are blocked where it was started.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
