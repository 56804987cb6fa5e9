// swift-tools-version: 6.3
import PackageDescription

// One line a module and function; the edges are those of CONTRIBUTING's table, and `make lint` holds the imports to them.
let external: [Package.Dependency] = [
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/vapor/jwt-kit", exact: "5.7.1"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A release build links Swift in and drops the symbols; fully static where no C library is needed. The last libraries
/// are those that Foundation's own need and do not name.
func linked(_ how: String, _ libraries: String...) -> [LinkerSetting] {
    [.unsafeFlags([how, "-Xlinker", "-s"] + libraries.map { "-l\($0)" }, .when(configuration: .release))]
}
let wholeStatic = linked("-static-executable", "_FoundationCShims", "_FoundationCollections")
let staticStdlib =
    linked("-static-stdlib", "_FoundationCShims", "_FoundationCollections")
    // A worker starts often. At a fixed address thousands of pointers need not be made right at each start, on pages that
    // each worker has for itself then.
    + [
        .unsafeFlags(
            ["-Xclang-linker", "-no-pie", "-Xclang-linker", "-static-libgcc"], .when(configuration: .release)),
        // libpq, OpenSSL and the C++ library as archives, where `make build` has put them; else the system's shared
        // ones. What else uses OpenSSL in the process (libcurl) keeps its own.
        .unsafeFlags(
            ["-L\(Context.packageDirectory)/.build/link", "-Xlinker", "--exclude-libs", "-Xlinker", "ALL"],
            .when(configuration: .release)),
    ]
let staticFoundation = linked(
    "-static-stdlib", "CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections")

/// Exclusive access is proved by the compiler or checked in debug builds and tests; the data path does not pay for it.
let fast: [SwiftSetting] = [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

func module(_ name: String, _ uses: Target.Dependency...) -> Target {
    .target(name: name, dependencies: uses, path: "Runtime/\(name)", swiftSettings: fast)
}
func function(
    _ name: String, _ uses: Target.Dependency..., schemas: Bool = false, linked: [LinkerSetting] = staticStdlib
) -> Target {
    .executableTarget(
        name: name, dependencies: ["FunctionKit"] + uses, path: "Functions/\(name)",
        exclude: schemas ? ["body.schema.json"] : [], linkerSettings: linked)
}
func tests(_ name: String, _ uses: Target.Dependency..., fixtures: Bool = false) -> Target {
    .testTarget(name: name, dependencies: uses, path: "Tests/\(name)", exclude: fixtures ? ["Fixtures"] : [])
}
func probe(_ name: String, _ uses: Target.Dependency...) -> Target {
    .executableTarget(name: name, dependencies: uses, path: "Tests/\(name)")
}
/// A program of the benchmarks, at a path below their folder.
func bench(_ path: String, _ uses: Target.Dependency...) -> Target {
    .executableTarget(
        name: String(path.split(separator: "/").last ?? ""), dependencies: uses, path: "Tests/Benchmarks/\(path)",
        linkerSettings: staticFoundation)
}

let package = Package(
    name: "swiftlet",
    products: [.executable(name: "swiftlet", targets: ["CLI"])],
    dependencies: external,
    targets: [
        module("CLinux"),
        module("CSandbox"),
        module("CLateLibraries"),
        // Without `pkgConfig`: it would have the system's folder searched before that of `staticStdlib`.
        .systemLibrary(name: "CLibPQ", path: "Runtime/CLibPQ", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(
            name: "CLibCurl", path: "Runtime/CLibCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CZlib", path: "Runtime/CZlib", providers: [.apt(["zlib1g-dev"])]),
        module("WireProtocol"),
        module("WorkerLoop", "CLinux"),
        module("JSONCoding"),
        module("FunctionKit", "WorkerLoop", "WireProtocol", "JSONCoding"),
        module("Postgres", "WorkerLoop", "CLibPQ", "CLateLibraries", "JSONCoding"),
        module("OutboundHTTP", "WorkerLoop", "CLibCurl", "JSONCoding"),
        module("Manifests", yams),
        module("HTTPServing", "WireProtocol", nioCore, nioPosix, logging),
        module("Gateway", "Manifests", "WireProtocol", "JSONCoding", "CZlib", crypto, jwt, grdb),
        module("Workers", "Manifests", "WireProtocol", "CLinux", "CSandbox", nioCore, nioPosix, logging),
        module("Telemetry", "JSONCoding", logging),
        module(
            "Control", "Manifests", "Gateway", "Workers", "HTTPServing", "WireProtocol", "JSONCoding", "Telemetry",
            "Postgres", "OutboundHTTP",
            "WorkerLoop", lifecycle, logging, crypto, nioCore, nioPosix),
        .executableTarget(
            name: "CLI", dependencies: ["Control", "Manifests", arguments], path: "Runtime/CLI",
            linkerSettings: staticFoundation),

        .target(name: "Shop", dependencies: ["FunctionKit", "Postgres"], path: "Functions/Shop", exclude: ["Schemas"]),
        function("Hello", linked: wholeStatic),
        function("ListUsers", "Postgres", "Shop"),
        function("GetUser", "Postgres", "Shop"),
        function("CreateUser", "Postgres", "Shop", schemas: true),
        function("ListUsersV2", "Postgres", "Shop"),
        function("CreateOrder", "Postgres", "Shop", schemas: true),
        function("GetOrder", "Postgres", "Shop"),
        function("ListOrders", "Postgres", "Shop"),
        function("OrderEvents", "Postgres", "Shop"),
        function("ImportProducts", "Postgres", "Shop"),
        function("GetRate", "OutboundHTTP"),
        function("ListProducts", "Postgres", "Shop"),
        function("IssueToken", "Postgres", "Shop", crypto, schemas: true),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        probe("LoopProbe", "WorkerLoop", "CLinux"),
        probe("SleepProbe", "FunctionKit"),
        probe("FunctionProbe", "FunctionKit", "WorkerLoop"),
        probe("StreamProbe", "FunctionKit"),
        probe("WorkerProbe", "WireProtocol", "CSandbox", "CLinux"),
        probe("LeaseProbe", "FunctionKit", "Postgres"),
        bench("Functions/FixedBody", "FunctionKit"),
        bench("Functions/StreamBytes", "FunctionKit"),
        bench("Functions/TakeUpload", "FunctionKit"),
        bench("Functions/UserList", "FunctionKit"),
        bench("Functions/PagedHello", "FunctionKit"),
        bench("FrontInProcess", "HTTPServing", "WireProtocol", nioPosix),
        bench("CodingTimes", "JSONCoding"),
        bench("NIOServer", nioCore, nioPosix, nioHTTP),
        tests("WireProtocolTests", "WireProtocol", fixtures: true),
        tests("WorkerLoopTests", "WorkerLoop", "CLinux", "CSandbox", "LoopProbe"),
        tests("JSONCodingTests", "JSONCoding"),
        tests(
            "FunctionKitTests", "FunctionKit", "FunctionProbe", "StreamProbe", "WireProtocol", "WorkerLoop",
            "JSONCoding", "CSandbox"),
        tests("PostgresTests", "Postgres", "WorkerLoop", "TestSupport"),
        tests("OutboundHTTPTests", "OutboundHTTP", "WorkerLoop", "TestSupport"),
        tests("ManifestsTests", "Manifests", fixtures: true),
        tests(
            "HTTPServingTests", "HTTPServing", "WireProtocol", "TestSupport", nioCore, nioPosix, nioHTTP,
            .product(name: "NIOEmbedded", package: "swift-nio")),
        tests("GatewayTests", "Gateway", "Manifests", "WireProtocol", "JSONCoding", crypto, jwt, grdb, fixtures: true),
        tests(
            "WorkersTests", "Workers", "WorkerProbe", "LeaseProbe", "StreamProbe", "Manifests", "WireProtocol",
            "CLinux",
            "CSandbox", "TestSupport", nioCore, nioPosix),
        tests("TelemetryTests", "Telemetry", "JSONCoding", logging),
        tests("ControlTests", "Control", "Gateway", "Manifests", "WireProtocol", "WorkerLoop", "TestSupport"),
        tests(
            "FunctionTests", "FunctionKit", "Postgres", "OutboundHTTP", "Shop", "TestSupport", "Hello", "ListUsers",
            "GetUser", "CreateUser", "ListUsersV2", "CreateOrder", "GetOrder", "ListOrders", "OrderEvents",
            "ImportProducts", "GetRate", "ListProducts", "IssueToken"),
        tests("LintTests"),
        tests("EndToEndTests", "TestSupport", crypto),
    ],
    swiftLanguageModes: [.v6]
)
