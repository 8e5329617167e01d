using Holoflow.Client;
using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>The distributed stack as it is run: each service a process of its own, over a real broker and a real database.</summary>
public class ServiceStack : IAsyncLifetime
{
    public static readonly IReadOnlyList<string> Services = ["StateStore", "LogIngest", "Scheduler", "Api", "Agent"];

    readonly Dictionary<string, PrivateProcess> _processes = new(StringComparer.Ordinal);
    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-stack-").FullName;
    readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);
    PostgresqlServer? _postgres;
    RabbitMqServer? _broker;
    Uri? _database;

    public HoloflowClient Client { get; private set; } = null!;

    public RabbitMqServer Broker => _broker!;

    public PostgresqlServer Postgres => _postgres!;

    /// <summary>Where the database is, for questions of a test's own.</summary>
    public string DatabaseAddress => _database!.AbsoluteUri;

    /// <summary>How many processes of each service run.</summary>
    protected virtual int Instances => 1;

    /// <summary>The instances of a service.</summary>
    public IEnumerable<string> InstancesOf(string service) => Enumerable.Range(1, Instances).Select(i => i == 1 ? service : $"{service}.{i}");

    /// <summary>A folder for a test's own files.</summary>
    public string Folder() => Directory.CreateDirectory(Path.Combine(_directory, Guid.CreateVersion7().ToString("N"))).FullName;

    public virtual async ValueTask InitializeAsync()
    {
        var broker = StartBroker();
        _postgres = await PostgresqlServer.Start();
        _database = new Uri(_postgres.Address);
        _broker = await broker;
        foreach (var api in InstancesOf("Api"))
            _ports[api] = FreePort.Next();
        Client = ClientOf("Api");
        // The state store makes the schema that the others look for.
        Start("StateStore");
        await _processes["StateStore"].WaitUntil(SchemaIsThere, TimeSpan.FromSeconds(60), "the state store");
        foreach (var instance in Services.SelectMany(InstancesOf).Skip(1))
            Start(instance);
        foreach (var api in InstancesOf("Api"))
            await _processes[api].WaitUntil(() => ApiAnswers(api), TimeSpan.FromSeconds(60), "the API");
    }

    /// <summary>A client of one instance of the API.</summary>
    public HoloflowClient ClientOf(string api) => new(new ClientOptions { BaseAddress = AddressOf(api) });

    /// <summary>Where an instance of the API listens.</summary>
    public Uri AddressOf(string api) => new($"http://127.0.0.1:{_ports[api]}/");

    /// <summary>The instance that is this process; null: none.</summary>
    public string? InstanceOf(int process) => _processes.FirstOrDefault(p => p.Value.Id == process).Key;

    /// <summary>What a service printed so far.</summary>
    public string OutputOf(string service) => _processes[service].Output;

    /// <summary>Kills a service as the machine's memory killer would.</summary>
    public async Task Kill(string service)
    {
        await _processes[service].KillAlone();
        await _processes[service].DisposeAsync();
        _processes.Remove(service);
    }

    /// <summary>Stops a service where it stands, as a host that hangs does.</summary>
    public Task Pause(string service) => _processes[service].Signal("STOP");

    /// <summary>Lets a service go on.</summary>
    public Task Continue(string service) => _processes[service].Signal("CONT");

    /// <summary>The state directory of an agent: each instance has its own, as on another host.</summary>
    public string HomeOf(string service) => Path.Combine(_directory, $"home.{(service.Contains('.', StringComparison.Ordinal) ? service.Split('.')[1] : "1")}");

    /// <summary>Starts an instance of a service, for the first time or again.</summary>
    public void Start(string service)
    {
        var (program, arguments) = CommandOf(service, Program(service));
        _processes[service] = PrivateProcess.Start(program, arguments, EnvironmentOf(service), _directory);
    }

    /// <summary>Starts an agent that reaches the broker through a network of its own, and takes runs of one queue.</summary>
    internal void StartFarAgent(string agent, NetworkNamespace network, string queue)
    {
        var environment = EnvironmentOf(agent);
        environment["HOLOFLOW_RABBITMQ"] = $"amqp://guest@{network.Address}/";
        environment["HOLOFLOW_AGENT_QUEUES"] = queue;
        _processes[agent] = PrivateProcess.Start(network.Prefix[0], [.. network.Prefix.Skip(1), "dotnet", Program(agent)], environment, _directory);
    }

    /// <summary>Starts one more agent, of its own home, that takes runs of the queue which carry the tags.</summary>
    public void StartAgent(string agent, string queue, params string[] tags)
    {
        var environment = EnvironmentOf(agent);
        environment["HOLOFLOW_AGENT_QUEUES"] = queue;
        environment["HOLOFLOW_AGENT_TAGS"] = string.Join(',', tags);
        environment["HOLOFLOW_HOME"] = Path.Combine(_directory, $"home.{agent}");
        _processes[agent] = PrivateProcess.Start("dotnet", [Program(agent)], environment, _directory);
    }

    /// <summary>The program of a service.</summary>
    public static string Program(string service) => Path.Combine(AppContext.BaseDirectory, $"Holoflow.{service.Split('.')[0]}.dll");

    /// <summary>What a service is told.</summary>
    public virtual Dictionary<string, string> EnvironmentOf(string service) =>
        new(StringComparer.Ordinal)
        {
            ["HOLOFLOW_DATABASE"] = _database!.AbsoluteUri,
            ["HOLOFLOW_RABBITMQ"] = $"amqp://guest@{_broker!.Address.Authority}/",
            ["HOLOFLOW_RABBITMQ_PASSWORD_FILE"] = PasswordFile(),
            ["HOLOFLOW_API_PORT"] = _ports.GetValueOrDefault(service).ToString(),
            ["HOLOFLOW_HOME"] = HomeOf(service),
            ["HOLOFLOW_RUNS_DIRECTORY"] = Path.Combine(_directory, "home.1", "runs"),
            ["HOLOFLOW_AGENT_NAME"] = service,
            ["HOLOFLOW_LOG_LEVEL"] = "Warning",
        };

    /// <summary>The process of a service.</summary>
    public int ProcessOf(string service) => _processes[service].Id;

    protected virtual Task<RabbitMqServer> StartBroker() => RabbitMqServer.Start();

    /// <summary>How a service is started.</summary>
    protected virtual (string Program, IReadOnlyList<string> Arguments) CommandOf(string service, string path) => ("dotnet", [path]);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Client?.Dispose();
        foreach (var service in _processes.Keys.Reverse())
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

    async Task<bool> ApiAnswers(string api)
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{_ports[api]}/healthz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
