using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Holoflow.Infra.Tests.Compose;

/// <summary>What infra/tls lays over docker-compose.yml.</summary>
public sealed class TlsFileTests
{
    static readonly IReadOnlyDictionary<string, ComposeService> Overlay = Read();

    [Fact]
    public void Every_service_that_speaks_to_a_server_asks_it_to_prove_itself()
    {
        foreach (var service in ComposeFile.Services.Values.Where(s => s.Environment.Count > 0))
        {
            var settings = Overlay[service.Name].Environment;
            if (service.Environment.ContainsKey("HOLOFLOW_DATABASE"))
                Assert.EndsWith("/ca.pem", settings["HOLOFLOW_DATABASE_CA_FILE"], StringComparison.Ordinal);
            if (service.Environment.TryGetValue("HOLOFLOW_RABBITMQ", out var broker))
            {
                Assert.Equal(broker.Replace("amqp://", "amqps://", StringComparison.Ordinal).Replace(":5672", ":5671", StringComparison.Ordinal), settings["HOLOFLOW_RABBITMQ"]);
                Assert.EndsWith("/ca.pem", settings["HOLOFLOW_RABBITMQ_CA_FILE"], StringComparison.Ordinal);
            }

            if (service.Environment.TryGetValue("HOLOFLOW_API_URL", out var api))
            {
                Assert.Equal(api.Replace("http://", "https://", StringComparison.Ordinal), settings["HOLOFLOW_API_URL"]);
                Assert.EndsWith("/ca.pem", settings["SSL_CERT_FILE"], StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_authoritys_key_is_seen_by_its_maker_alone()
    {
        var maker = Overlay["certificates"];
        Assert.Contains("secrets-authority:/secrets/authority", maker.Volumes);
        Assert.Equal(["ALL"], maker.DroppedCapabilities);
        Assert.DoesNotContain(Overlay.Values.Where(s => s.Name != "certificates").Concat(ComposeFile.Services.Values), s => s.Volumes.Any(v => v.StartsWith("secrets-authority", StringComparison.Ordinal)));
        Assert.All(["postgres", "rabbitmq"], server => Assert.Equal("service_completed_successfully", Overlay[server].DependsOn["certificates"]));
    }

    static Dictionary<string, ComposeService> Read()
    {
        using var file = File.OpenText(Path.Combine(Checkout.Infra, "tls", "docker-compose.yml"));
        var content = new Deserializer().Deserialize<Dictionary<object, object>>(new MergingParser(new Parser(file)));
        return ((Dictionary<object, object>)content["services"]).ToDictionary(s => (string)s.Key, s => new ComposeService((string)s.Key, (Dictionary<object, object>)s.Value), StringComparer.Ordinal);
    }
}
