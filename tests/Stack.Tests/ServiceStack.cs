using Holoflow.Client;
using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>The distributed stack as it is run: each service a process of its own, over a real broker and a real database.</summary>
public sealed class ServiceStack : IAsyncLifetime
{
    public static readonly IReadOnlyList<string> Services = ["StateStore", "LogIngest", "Scheduler", "Api", "Agent"];

    readonly Dictionary<string, PrivateProcess> _processes = new(StringComparer.Ordinal);
    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-stack-").FullName;
    readonly int _port = FreePort.Next();
    PostgresqlServer? _postgres;
    RabbitMqServer? _broker;
    Uri? _database;

    public HoloflowClient Client { get; private set; } = null!;

    /// <summary>A folder for a test's own files.</summary>
    public string Folder() => Directory.CreateDirectory(Path.Combine(_directory, Guid.CreateVersion7().ToString("N"))).FullName;

    public async ValueTask InitializeAsync()
    {
        var broker = RabbitMqServer.Start();
        _postgres = await PostgresqlServer.Start();
        _database = new Uri(_postgres.Address);
        _broker = await broker;
        Client = new HoloflowClient(new ClientOptions { BaseAddress = new Uri($"http://127.0.0.1:{_port}") });
        // The state store makes the schema that the others look for.
        Start("StateStore");
        await _processes["StateStore"].WaitUntil(SchemaIsThere, TimeSpan.FromSeconds(60), "the state store");
        foreach (var service in Services.Skip(1))
            Start(service);
        await _processes["Api"].WaitUntil(ApiAnswers, TimeSpan.FromSeconds(60), "the API");
    }

    /// <summary>Kills a service as the machine's memory killer would.</summary>
    public async Task Kill(string service)
    {
        await _processes[service].KillAlone();
        await _processes[service].DisposeAsync();
        _processes.Remove(service);
    }

    public void Start(string service)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLOFLOW_DATABASE"] = _database!.AbsoluteUri,
            ["HOLOFLOW_RABBITMQ"] = $"amqp://guest@{_broker!.Address.Authority}/",
            ["HOLOFLOW_RABBITMQ_PASSWORD_FILE"] = PasswordFile(),
            ["HOLOFLOW_API_PORT"] = _port.ToString(),
            ["HOLOFLOW_HOME"] = Path.Combine(_directory, "home"),
            ["HOLOFLOW_RUNS_DIRECTORY"] = Path.Combine(_directory, "home", "runs"),
            ["HOLOFLOW_AGENT_NAME"] = "stack",
            ["HOLOFLOW_LOG_LEVEL"] = "Warning",
        };
        _processes[service] = PrivateProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Holoflow.{service}.dll")], environment, _directory);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var service in Services.Reverse().Where(_processes.ContainsKey))
        {
            await _processes[service].DisposeAsync();
            TestContext.Current.SendDiagnosticMessage($"{service}: {_processes[service].Output}");
        }

        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    string PasswordFile()
    {
        var path = Path.Combine(_directory, "rabbitmq-password");
        File.WriteAllText(path, "guest\n");
        return path;
    }

    async Task<bool> SchemaIsThere()
    {
        try
        {
            await Persistence.Database.At(_database!.AbsoluteUri).Check();
            return true;
        }
        catch (Persistence.DatabaseException)
        {
            return false;
        }
    }

    async Task<bool> ApiAnswers()
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{_port}/healthz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
