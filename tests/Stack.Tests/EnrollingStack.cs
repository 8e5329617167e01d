using Holoflow.Client;
using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>The stack as an observatory lets agents into it: the API asks for tokens, and knows the broker's management as a user of its own.</summary>
public sealed class EnrollingStack : ServiceStack
{
    const string ManagementPassword = "the management's";

    readonly string _secrets = Directory.CreateTempSubdirectory("holoflow-enrolling-").FullName;
    readonly int _managementPort = FreePort.Next();

    /// <summary>The management as its administrator.</summary>
    public HttpClient Management { get; private set; } = null!;

    /// <summary>The API as its administrator.</summary>
    public HoloflowClient Admin { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        Management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_managementPort}/") };
        Management.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("guest:guest"u8));
        await base.InitializeAsync();
        Admin = new HoloflowClient(new ClientOptions { BaseAddress = ApiAddress, Token = (await File.ReadAllTextAsync(AdminTokenFile)).Trim() });
    }

    public Uri ApiAddress => AddressOf("Api");

    public override Dictionary<string, string> EnvironmentOf(string service)
    {
        var environment = base.EnvironmentOf(service);
        if (service != "Api")
            return environment;
        var password = Path.Combine(_secrets, "management-password");
        File.WriteAllText(password, ManagementPassword + "\n");
        environment["HOLOFLOW_API_TOKENS"] = "Required";
        environment["HOLOFLOW_ADMIN_TOKEN_FILE"] = AdminTokenFile;
        environment["HOLOFLOW_RABBITMQ_MANAGEMENT"] = $"http://enrollment@127.0.0.1:{_managementPort}/";
        environment["HOLOFLOW_RABBITMQ_MANAGEMENT_PASSWORD_FILE"] = password;
        environment["HOLOFLOW_AGENT_RABBITMQ"] = $"amqp://127.0.0.1:{Broker.Address.Port}/";
        return environment;
    }

    public override async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        Management?.Dispose();
        await base.DisposeAsync();
        Directory.Delete(_secrets, recursive: true);
    }

    protected override async Task<RabbitMqServer> StartBroker()
    {
        var broker = await RabbitMqServer.Start([$"management.tcp.port = {_managementPort}", "management.tcp.ip = 127.0.0.1"], "rabbitmq_management");
        await Servers.Management.Answers(Management);
        await Servers.Management.PutUser(Management, "enrollment", ManagementPassword, "administrator");
        return broker;
    }

    string AdminTokenFile => Path.Combine(_secrets, "admin-token");
}
