using System.Diagnostics;

namespace Holoflow.Servers;

/// <summary>
/// A PostgreSQL server: the one that HOLOFLOW_TEST_POSTGRESQL names (<c>postgresql://user:password@host:port/name</c>, an empty database),
/// else a private one on loopback from the machine's binaries, which can be killed and restarted.
/// </summary>
public sealed class PostgresqlServer : IAsyncDisposable
{
    static readonly Dictionary<string, string> NoEnvironment = [];
    readonly string? _binaries;
    readonly string? _directory;
    readonly int _port;
    readonly List<string> _settings = [];
    PrivateProcess? _process;

    PostgresqlServer(string address, string? binaries, string? directory, int port)
    {
        Address = address;
        _binaries = binaries;
        _directory = directory;
        _port = port;
    }

    /// <summary>Where it is, in the form that the store takes.</summary>
    public string Address { get; }

    /// <summary>Its process; 0 where it is not this fixture's own.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <param name="certificate">A certificate and its key (PEM) to speak TLS with: then it is a private one always; null: none.</param>
    public static async Task<PostgresqlServer> Start((string Certificate, string Key)? certificate = null)
    {
        if (certificate is null && Environment.GetEnvironmentVariable("HOLOFLOW_TEST_POSTGRESQL") is { Length: > 0 } given)
            return new PostgresqlServer(given, null, null, 0);
        var binaries = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
            : null;
        if (binaries is null)
            throw new InvalidOperationException("PostgreSQL is missing: install the Debian package postgresql, or set HOLOFLOW_TEST_POSTGRESQL");
        var port = FreePort.Next();
        var server = new PostgresqlServer($"postgresql://postgres@127.0.0.1:{port}/postgres", binaries, Directory.CreateTempSubdirectory("holoflow-postgresql-").FullName, port);
        // The server refuses to run as root.
        if (Environment.UserName == "root")
            await Run("chown", ["postgres", server._directory!]);
        await Run(AsUser("initdb", binaries), [.. Arguments("initdb", binaries), "-D", server.Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        if (certificate is { } pem)
            await server.Secure(pem.Certificate, pem.Key);
        await server.Launch();
        return server;
    }

    /// <summary>Ends the server as a power cut would.</summary>
    public Task Kill() => _process?.Kill() ?? throw new InvalidOperationException("the server is not this fixture's own: it cannot be killed");

    /// <summary>Starts the server again on the files that it left.</summary>
    public async Task Restart()
    {
        await Kill();
        await Launch();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        Directory.Delete(_directory!, recursive: true);
    }

    string Data => Path.Combine(_directory!, "data");

    static string AsUser(string program, string binaries) => Environment.UserName == "root" ? "setpriv" : Path.Combine(binaries, program);

    static IEnumerable<string> Arguments(string program, string binaries) =>
        Environment.UserName == "root" ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(binaries, program)] : [];

    static async Task Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {string.Concat(output)}");
    }

    async Task Secure(string certificate, string key)
    {
        foreach (var (name, text) in new[] { ("server.crt", certificate), ("server.key", key) })
        {
            await File.WriteAllTextAsync(Path.Combine(Data, name), text);
            File.SetUnixFileMode(Path.Combine(Data, name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            if (Environment.UserName == "root")
                await Run("chown", ["postgres", Path.Combine(Data, name)]);
        }

        _settings.AddRange(["-c", "ssl=on"]);
    }

    async Task Launch()
    {
        _process = PrivateProcess.Start(
            AsUser("postgres", _binaries!),
            [.. Arguments("postgres", _binaries!), "-D", Data, "-p", $"{_port}", "-h", "127.0.0.1", "-k", _directory!, "-c", "max_connections=400", .. _settings],
            NoEnvironment,
            "/");
        await _process.WaitUntil(IsReady, TimeSpan.FromSeconds(60), "PostgreSQL");
    }

    async Task<bool> IsReady()
    {
        using var probe = Process.Start(new ProcessStartInfo(Path.Combine(_binaries!, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres"]) { UseShellExecute = false })!;
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }
}
