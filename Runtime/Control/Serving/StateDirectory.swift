import Crypto
import Foundation
import Glibc
import Manifests

/// `.swiftlet/` beside the manifest: the admin socket and the secret that is made once.
struct StateDirectory {
    /// The folder's path.
    let path: String

    /// The admin socket's path.
    var adminSocket: String { path + "/admin.sock" }

    /// Where idempotency keys and their answers are kept.
    var idempotencyFile: String { path + "/idempotency.sqlite" }

    /// The folder of this manifest, made with mode 0700 when it is missing.
    /// - Throws: `CommandFailure` when it cannot be made or is not a folder.
    init(of manifest: Manifest) throws {
        path = manifest.directory + "/.swiftlet"
        if mkdir(path, 0o700) != 0 && errno != EEXIST {
            throw CommandFailure("The folder \(path) cannot be made: \(String(cString: strerror(errno))).")
        }
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            throw CommandFailure("\(path) is not a folder; move it away, Swiftlet keeps its state there.")
        }
    }

    /// What cursors are signed with: the manifest's secret, or one that is made once and kept here with mode 0600.
    /// - Throws: `CommandFailure` when it can neither be read nor made.
    func secret(for manifest: Manifest) throws -> [UInt8] {
        if let secret = manifest.secret, !secret.isEmpty { return Array(secret.utf8) }
        let file = path + "/secret"
        if let kept = FileManager.default.contents(atPath: file), kept.count >= 32 { return [UInt8](kept) }
        let made = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        let text = Array(made.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined().utf8)
        // Written beside and linked into place: two servers that start at once end up with one secret.
        let draft = file + ".\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(draft) cannot be written: \(String(cString: strerror(errno))).")
        }
        let written = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        close(descriptor)
        defer { unlink(draft) }
        guard written == text.count else { throw CommandFailure("\(draft) cannot be written whole; is the disk full?") }
        if link(draft, file) == 0 { return text }
        guard let kept = FileManager.default.contents(atPath: file), kept.count >= 32 else {
            throw CommandFailure("\(file) is damaged; remove it, and cursors given out before become invalid.")
        }
        return [UInt8](kept)
    }
}
