import Manifests
import Testing

@testable import Workers

@Suite("From the manifest to workers")
struct WorkerSpecificationTests {
    let manifest = Manifest(name: "shop", directory: "/srv/shop", executables: "/srv/shop/bin")

    @Test("a function runs the executable of its name, with its environment and what every worker gets")
    func plain() {
        var function = FunctionSettings(name: "ListUsers", routes: [])
        function.env = ["LOG_LEVEL": "info", "LANG": "de"]
        function.page = Manifests.PageSettings(style: .cursor, default: 20, max: 50)
        function.files = 99
        let found = WorkerSpecification(
            function, in: manifest, revision: "r1",
            inherited: ["PATH": "/bin", "LANG": "C", "HOME": "/root", "SWIFTLET_SECRET": "x"])
        #expect(found.executable == "/srv/shop/bin/ListUsers")
        #expect(found.arguments == [found.executable])
        #expect(
            found.environment == [
                "PATH": "/bin", "LANG": "de", "LOG_LEVEL": "info", "SWIFTLET_FUNCTION": "ListUsers",
                "SWIFTLET_REVISION": "r1",
            ])
        #expect(found.files == 99)
        #expect(found.directory == "/srv/shop")
        #expect(found.page?.style == .cursor)
        #expect(found.page?.maxLimit == 50)
    }

    @Test("a function that uses the database gets its addresses; its own `env` goes first")
    func database() {
        var manifest = manifest
        manifest.database = DatabaseSettings(url: "postgres://one")
        manifest.database?.replicas = ["postgres://two", "postgres://three"]
        var function = FunctionSettings(name: "F", routes: [])
        #expect(WorkerSpecification(function, in: manifest).environment["DATABASE_URL"] == nil)
        function.uses = [.database]
        let found = WorkerSpecification(function, in: manifest).environment
        #expect(found["DATABASE_URL"] == "postgres://one")
        #expect(found["DATABASE_REPLICA_URLS"] == "postgres://two,postgres://three")
        function.env = ["DATABASE_URL": "postgres://mine"]
        #expect(WorkerSpecification(function, in: manifest).environment["DATABASE_URL"] == "postgres://mine")
    }

    @Test(
        "a command is found by its path, the manifest's folder, or PATH",
        arguments: [
            ("/opt/tool", "/opt/tool"), ("tools/tool", "/srv/shop/tools/tool"), ("./tool", "/srv/shop/./tool"),
            ("sh", "/bin/sh"), ("no-such-tool-anywhere", "/srv/shop/no-such-tool-anywhere"),
        ])
    func command(word: String, expected: String) {
        var function = FunctionSettings(name: "F", routes: [])
        function.run = .command([word, "-x"])
        let found = WorkerSpecification(function, in: manifest, inherited: ["PATH": "/nowhere:/bin"])
        #expect(found.executable == expected)
        #expect(found.arguments == [word, "-x"])
    }

    @Test("a pool behaves as `scale`, `timeout` and `retry` say, with two starts a core")
    func settings() {
        var function = FunctionSettings(name: "F", routes: [])
        function.scale.min = 1
        function.scale.queue = 7
        function.timeout = .seconds(3)
        function.retry = false
        let found = PoolSettings(function, cores: 3)
        #expect(found.min == 1)
        #expect(found.max == 8)
        #expect(found.queue == 7)
        #expect(found.timeout == .seconds(3))
        #expect(!found.retry)
        #expect(found.startsAtOnce == 6)
    }

    @Test(
        "a program that cannot be started is told with a fix before anything starts",
        arguments: [
            ("/bin/sh", nil), ("/nowhere/ListUsers", "does not exist"), ("/tmp", "is not a file"),
            ("/etc/passwd", "may not be executed"),
        ] as [(String, String?)])
    func check(path: String, message: String?) {
        let problem = ExecutableCheck.problem(with: WorkerSpecification(function: "F", executable: path))
        if let message {
            #expect(problem?.message.contains(message) == true)
            #expect(problem?.fix.isEmpty == false)
        } else {
            #expect(problem == nil)
        }
    }
}
