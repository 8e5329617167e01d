using System.Runtime.CompilerServices;
using System.Text.Json;
using Holoflow.Messaging.RabbitMq;
using Holoflow.Servers;

namespace Holoflow.Messaging.Tests;

/// <summary>A private broker with the users of an installation and their rights, and the owner of all.</summary>
public sealed class InstallationBroker : IAsyncLifetime
{
    /// <summary>Of every user but the owner.</summary>
    public const string Password = "a password of this test";

    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-rights-").FullName;

    public RabbitMqServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var definitions = Path.Combine(_directory, "definitions.json");
        await File.WriteAllTextAsync(definitions, Definitions());
        Server = await RabbitMqServer.Start([$"load_definitions = {definitions}"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>What an installation gives a user.</summary>
    public static BrokerRights RightsOf(string user) => Rights().Where(r => r.User == user).Select(r => r.Rights).Single();

    static string Definitions()
    {
        var rights = Rights().ToList();
        return JsonSerializer.Serialize(new
        {
            vhosts = new[] { new { name = "/" } },
            users = rights.Select(r => r.User).Append("guest").Select(user => new
            {
                name = user,
                password_hash = BrokerPassword.HashOf(user == "guest" ? "guest" : Password),
                hashing_algorithm = "rabbit_password_hashing_sha256",
                tags = user == "guest" ? "administrator" : "",
            }),
            permissions = rights.Append(("guest", new BrokerRights(".*", ".*", ".*"))).Select(r => new { user = r.Item1, vhost = "/", configure = r.Item2.Configure, write = r.Item2.Write, read = r.Item2.Read }),
        });
    }

    static IEnumerable<(string User, BrokerRights Rights)> Rights([CallerFilePath] string caller = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(caller)!, "..", "..", "infra", "rabbitmq", "permissions");
        return File.ReadLines(file).Select(line => line.Split(' ', 2)).Where(words => words[0] is "user" or "configure" or "write" or "read").Select(words => words[1].Trim())
            .Chunk(4).Select(four => (four[0], new BrokerRights(four[1], four[2], four[3])));
    }
}
