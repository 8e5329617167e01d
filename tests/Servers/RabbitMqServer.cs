using System.Net.Sockets;

namespace Holoflow.Servers;

/// <summary>
/// A RabbitMQ broker: the one that HOLOFLOW_TEST_RABBITMQ names (<c>amqp://user:password@host:port/vhost</c>), else a private one on loopback
/// from the machine's binaries, which can be killed and restarted.
/// </summary>
public sealed class RabbitMqServer : IAsyncDisposable
{
    const string Binary = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    readonly string? _directory;
    readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);
    PrivateProcess? _process;

    RabbitMqServer(Uri address, string? directory)
    {
        Address = address;
        _directory = directory;
    }

    public Uri Address { get; }

    /// <summary>Its process; 0 where it is not this fixture's own.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <param name="settings">Further lines of rabbitmq.conf: then it is a private one always.</param>
    /// <param name="plugins">Plugins to enable.</param>
    public static async Task<RabbitMqServer> Start(IReadOnlyList<string>? settings = null, params IReadOnlyList<string> plugins)
    {
        if (settings is null && plugins.Count == 0 && Environment.GetEnvironmentVariable("HOLOFLOW_TEST_RABBITMQ") is { Length: > 0 } given)
            return new RabbitMqServer(new Uri(given), null);
        if (!File.Exists(Binary))
            throw new InvalidOperationException("RabbitMQ is missing: install the Debian package rabbitmq-server, or set HOLOFLOW_TEST_RABBITMQ");
        var port = FreePort.Next();
        var server = new RabbitMqServer(new Uri($"amqp://guest:guest@127.0.0.1:{port}/"), Directory.CreateTempSubdirectory("holoflow-rabbitmq-").FullName);
        server.Configure(port, settings ?? [], plugins);
        await server.Launch();
        return server;
    }

    /// <summary>Ends the broker as a power cut would.</summary>
    public Task Kill() => _process?.Kill() ?? throw new InvalidOperationException("the broker is not this fixture's own: it cannot be killed");

    /// <summary>Starts the broker again on the files that it left.</summary>
    public async Task Restart()
    {
        await Kill();
        await Launch();
    }

    /// <summary>Starts the broker again with nothing on its disk: every exchange, queue and message is gone.</summary>
    public async Task RestartEmpty()
    {
        await Kill();
        Directory.Delete(_environment["RABBITMQ_MNESIA_BASE"], recursive: true);
        await Launch();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        await using (var end = PrivateProcess.Start("epmd", ["-port", _environment["ERL_EPMD_PORT"], "-kill"], new Dictionary<string, string>(StringComparer.Ordinal), _directory!))
            await end.Ended(CancellationToken.None);
        Directory.Delete(_directory!, recursive: true);
    }

    void Configure(int port, IReadOnlyList<string> settings, IReadOnlyList<string> plugins)
    {
        var configuration = Path.Combine(_directory!, "rabbitmq.conf");
        File.WriteAllText(configuration, $"listeners.tcp.1 = 127.0.0.1:{port}\nlog.console = true\nlog.console.level = warning\nlog.file = false\ndisk_free_limit.absolute = 50MB\nconsumer_timeout = 30000\n{string.Concat(settings.Select(line => line + "\n"))}");
        File.WriteAllText(Path.Combine(_directory!, "enabled_plugins"), $"[{string.Join(',', plugins)}].");
        foreach (var (name, value) in new[]
        {
            ("HOME", _directory!), ("RABBITMQ_NODENAME", $"test{port}@localhost"), ("RABBITMQ_CONFIG_FILE", configuration), ("RABBITMQ_BASE", _directory!),
            ("RABBITMQ_MNESIA_BASE", Path.Combine(_directory!, "data")), ("RABBITMQ_LOG_BASE", Path.Combine(_directory!, "log")), ("RABBITMQ_ENABLED_PLUGINS_FILE", Path.Combine(_directory!, "enabled_plugins")),
            ("RABBITMQ_DIST_PORT", FreePort.Next().ToString()), ("ERL_EPMD_PORT", FreePort.Next().ToString()), ("ERL_EPMD_ADDRESS", "127.0.0.1"),
            ("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-kernel inet_dist_use_interface {127,0,0,1} -rabbit channel_tick_interval 5000 +S 1:1"),
        })
            _environment[name] = value;
    }

    async Task Launch()
    {
        _process = PrivateProcess.Start(Binary, [], _environment, _directory!);
        await _process.WaitUntil(Listens, TimeSpan.FromSeconds(60), "rabbitmq-server");
    }

    async Task<bool> Listens()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address.Host, Address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
