using Holoflow.Client;
using Holoflow.Persistence;
using Holoflow.Servers;

namespace Holoflow.Load.Stack;

/// <summary>The whole stack as processes of its own, on private servers with all durability on.</summary>
sealed class LoadStack : IAsyncDisposable
{
    public static readonly IReadOnlyList<string> Services = ["StateStore", "LogIngest", "Scheduler", "Api"];

    readonly SortedDictionary<string, PrivateProcess> _processes = new(StringComparer.Ordinal);
    readonly Dictionary<string, IReadOnlyDictionary<string, string>> _settings = new(StringComparer.Ordinal);
    readonly int _port = FreePort.Next();
    PostgresqlServer _postgres = null!;
    RabbitMqServer _broker = null!;

    public string Folder { get; } = Directory.CreateTempSubdirectory("holoflow-load-").FullName;

    public Uri Api => new($"http://127.0.0.1:{_port}");

    public HoloflowClient Client { get; private set; } = null!;

    public Database Database { get; private set; } = null!;

    public Uri Broker => _broker.Address;

    public string DatabaseAddress => _postgres.Address;

    /// <summary>The processes that a user of the stack runs: services and agents.</summary>
    public IReadOnlyDictionary<string, PrivateProcess> Processes => _processes;

    /// <summary>What took CPU: services and agents, with the flows; the broker; the database.</summary>
    public IReadOnlyList<(string Name, TimeSpan Cpu)> Cpu() =>
        [.. _processes.Select(p => (p.Key, CpuClock.Of([p.Value.Id]))), ("RabbitMQ", CpuClock.Of([_broker.ProcessId])), ("PostgreSQL", CpuClock.Of([_postgres.ProcessId]))];

    /// <summary>Starts servers and services; agents are started by who needs them.</summary>
    public static async Task<LoadStack> Start()
    {
        var stack = new LoadStack();
        try
        {
            var broker = RabbitMqServer.Start();
            stack._postgres = await PostgresqlServer.Start();
            stack._broker = await broker;
            stack.Database = Database.At(stack._postgres.Address);
            stack.Client = new HoloflowClient(new ClientOptions { BaseAddress = stack.Api });
            await stack.Database.Upgrade();
            foreach (var service in Services)
                stack.StartService(service);
            await stack._processes["Api"].WaitUntil(stack.ApiAnswers, TimeSpan.FromSeconds(60), "the API");
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts an agent and waits until the API shows it.</summary>
    public async Task StartAgent(string name, int slots, string queue = "default")
    {
        StartService(name, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLOFLOW_AGENT_LIMIT"] = $"{slots}",
            ["HOLOFLOW_AGENT_QUEUES"] = queue,
        });
        await _processes[name].WaitUntil(async () => await Online(name), TimeSpan.FromSeconds(60), name);
    }

    /// <summary>Starts a service, or an agent by a name that is none of theirs.</summary>
    public void StartService(string name, IReadOnlyDictionary<string, string>? more = null)
    {
        var environment = new Dictionary<string, string>(more ?? new Dictionary<string, string>(StringComparer.Ordinal), StringComparer.Ordinal)
        {
            ["HOLOFLOW_DATABASE"] = DatabaseAddress,
            ["HOLOFLOW_RABBITMQ"] = $"amqp://guest@{Broker.Authority}/",
            ["HOLOFLOW_RABBITMQ_PASSWORD_FILE"] = Secret("rabbitmq-password", "guest"),
            ["HOLOFLOW_API_PORT"] = $"{_port}",
            ["HOLOFLOW_HOME"] = Path.Combine(Folder, "home"),
            ["HOLOFLOW_RUNS_DIRECTORY"] = Path.Combine(Folder, "home", "runs"),
            ["HOLOFLOW_AGENT_NAME"] = name,
            ["HOLOFLOW_LOG_LEVEL"] = "Error",
            ["HOLOFLOW_LEASE_SECONDS"] = "30",
        };
        _settings[name] = more ?? new Dictionary<string, string>(StringComparer.Ordinal);
        var program = Services.Contains(name, StringComparer.Ordinal) ? name : "Agent";
        _processes[name] = PrivateProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, $"Holoflow.{program}.dll")], environment, Folder);
    }

    /// <summary>Starts what was killed, as it was.</summary>
    public void StartAgain(string name) => StartService(name, _settings[name]);

    /// <summary>Ends a process of the stack as the kernel's memory killer would.</summary>
    public async Task Kill(string name)
    {
        await _processes[name].KillAlone();
        await _processes[name].DisposeAsync();
        _processes.Remove(name);
    }

    /// <summary>Ends a process in good order.</summary>
    public async Task Stop(string name)
    {
        await _processes[name].Signal("TERM");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _processes[name].Ended(patience.Token);
        await _processes[name].DisposeAsync();
        _processes.Remove(name);
    }

    /// <summary>One number from the database.</summary>
    public async Task<long> Count(string sql)
    {
        await using var session = await Database.OpenReadSession();
        return session.Number(sql) ?? 0;
    }

    /// <summary>Waits until a question to the database has this answer.</summary>
    public async Task Until(string sql, Func<long, bool> holds, TimeSpan patience)
    {
        await using var session = await Database.OpenReadSession();
        using var limit = new CancellationTokenSource(patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!holds(session.Number(sql) ?? 0))
            await tick.WaitForNextTickAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        foreach (var (name, process) in _processes.Reverse())
        {
            await process.DisposeAsync();
            if (process.Output.Trim().Length > 0)
                await Console.Error.WriteLineAsync($"{name} said:\n{process.Output}");
        }

        if (_broker is not null)
            await _broker.DisposeAsync();
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    string Secret(string name, string value)
    {
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
            File.WriteAllText(path, value + "\n");
        return path;
    }

    async Task<bool> ApiAnswers()
    {
        using var http = new HttpClient();
        try
        {
            using var response = await http.GetAsync(new Uri(Api, "/healthz"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    async Task<bool> Online(string agent) => (await Client.Agents.List()).Any(row => row.Name == agent && row.Online);
}
