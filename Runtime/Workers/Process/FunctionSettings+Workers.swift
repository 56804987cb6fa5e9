import CLinux
import Glibc
import Manifests
import WireProtocol

// From the manifest to a pool and its workers.
extension WorkerSpecification {
    /// The specification of a function of `manifest`. `inherited` is the gateway's environment, of which `PATH`, `LANG`
    /// and `TZ` go on to workers; none of its `SWIFTLET_*` does, for those may be secrets.
    public init(
        _ function: FunctionSettings, in manifest: Manifest, revision: String = "", inherited: [String: String] = [:]
    ) {
        var environment = inherited.filter { ["PATH", "LANG", "TZ"].contains($0.key) }
        if function.uses.contains(.database), let database = manifest.database {
            environment["DATABASE_URL"] = database.url
            // What one worker may have at most; the budget over all workers is the gateway's to keep.
            environment["SWIFTLET_DATABASE_CONNECTIONS"] = String(
                min(function.scale.concurrency, database.connections))
            environment["SWIFTLET_DATABASE_IDLE_TIMEOUT"] = "\(database.idleTimeout.wireMilliseconds)ms"
            environment["SWIFTLET_DATABASE_CONNECTION_TIMEOUT"] = "\(database.connectionTimeout.wireMilliseconds)ms"
            if !database.replicas.isEmpty {
                environment["DATABASE_REPLICA_URLS"] = database.replicas.joined(separator: ",")
            }
        }
        environment.merge(function.env) { $1 }
        environment["SWIFTLET_FUNCTION"] = function.name.rawValue
        environment["SWIFTLET_REVISION"] = revision

        var arguments: [String] = []
        let executable: String
        switch function.run {
        case .swift(let name):
            executable = WorkerSpecification.absolute(name, in: manifest.executables)
        case .command(let words):
            arguments = words
            executable = WorkerSpecification.program(
                words.first ?? "", in: manifest.directory, path: environment["PATH"] ?? "")
        }
        let page = function.page.map {
            WireProtocol.PageSettings(
                style: $0.style == .cursor ? .cursor : .page, defaultLimit: $0.default, maxLimit: $0.max)
        }
        self.init(
            function: function.name.rawValue, revision: revision, executable: executable, arguments: arguments,
            environment: environment, directory: manifest.directory, files: function.files, page: page,
            usesDatabase: function.uses.contains(.database) && manifest.database != nil)
    }

    /// A path made absolute against a folder.
    static func absolute(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    /// A command's program: with a slash a path, absolute or relative to `folder`; without, the first executable file
    /// of that name in `path`, or in `folder` where there is none.
    static func program(_ name: String, in folder: String, path: String) -> String {
        guard !name.contains("/") else { return absolute(name, in: folder) }
        for place in path.split(separator: ":") {
            let candidate = "\(place)/\(name)"
            if ExecutableCheck.isExecutableFile(candidate) { return candidate }
        }
        return absolute(name, in: folder)
    }
}

extension PoolSettings {
    /// The settings of a function; `cores` decides how many of its workers start at once: two a core.
    public init(_ function: FunctionSettings, cores: Int = PoolSettings.availableCores) {
        self.init()
        min = function.scale.min
        max = function.scale.max
        concurrency = function.scale.concurrency
        target = function.scale.target
        idle = function.scale.idle
        queue = function.scale.queue
        wait = function.scale.wait
        timeout = function.timeout
        retry = function.retry
        startsAtOnce = Swift.max(cores, 1) * 2
    }

    /// The cores that this process may run on, by its affinity; 1 at least.
    public static var availableCores: Int { Swift.max(Int(clinux_usable_cores()), 1) }
}
