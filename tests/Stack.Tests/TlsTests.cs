using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Holoflow.Persistence;
using Holoflow.Servers;

namespace Holoflow.Stack.Tests;

/// <summary>All three protocols encrypted, with certificates made here: who proves itself by the right authority is trusted, nobody else is.</summary>
public sealed class TlsTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-tls-").FullName;

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact(Timeout = 300_000)]
    public async Task Services_speak_TLS_with_whom_their_authority_vouches_for_and_with_nobody_else()
    {
        using var authority = CertificateAuthority.Make("right");
        using var stranger = CertificateAuthority.Make("wrong");
        var (certificate, key) = CertificateAuthority.Sign(authority, "holoflow test");
        var (trusted, wrong, file, keyFile) = (Write("ca.pem", authority.ExportCertificatePem()), Write("wrong.pem", stranger.ExportCertificatePem()), Write("server.pem", certificate), Write("server.key", key));
        var amqps = FreePort.Next();
        await using var postgres = await PostgresqlServer.Start((certificate, key));
        await using var broker = await RabbitMqServer.Start([$"listeners.ssl.1 = 127.0.0.1:{amqps}", $"ssl_options.cacertfile = {trusted}", $"ssl_options.certfile = {file}", $"ssl_options.keyfile = {keyFile}", "ssl_options.verify = verify_none"]);
        var (health, port) = (FreePort.Next(), FreePort.Next());
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOLOFLOW_DATABASE"] = postgres.Address, ["HOLOFLOW_DATABASE_CA_FILE"] = trusted,
            ["HOLOFLOW_RABBITMQ"] = $"amqps://guest@127.0.0.1:{amqps}/", ["HOLOFLOW_RABBITMQ_CA_FILE"] = trusted, ["HOLOFLOW_RABBITMQ_PASSWORD_FILE"] = Write("password", "guest\n"),
            ["HOLOFLOW_API_PORT"] = $"{port}", ["HOLOFLOW_API_CERTIFICATE_FILE"] = file, ["HOLOFLOW_API_CERTIFICATE_KEY_FILE"] = keyFile, ["HOLOFLOW_HEALTH_PORT"] = $"{health}",
        };

        using var store = ServiceProcess.Start("StateStore", environment);
        await ServiceProcess.Ready(new Uri($"http://127.0.0.1:{health}/"));
        environment["HOLOFLOW_HEALTH_PORT"] = $"{FreePort.Next()}";
        using var api = ServiceProcess.Start("Api", environment);
        await ServiceProcess.Ready(new Uri($"http://127.0.0.1:{environment["HOLOFLOW_HEALTH_PORT"]}/"));
        using (var response = await Trusting(authority).GetAsync(new Uri($"https://127.0.0.1:{port}/api/flow-runs"), Cancellation))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Trusting(stranger).GetAsync(new Uri($"https://127.0.0.1:{port}/healthz"), Cancellation));
        Assert.IsType<AuthenticationException>(refused.InnerException);
        Assert.Equal(0, await Unencrypted(postgres, trusted));

        _ = environment.Remove("HOLOFLOW_HEALTH_PORT");
        await ServiceProcess.Refused("Scheduler", With(environment, "HOLOFLOW_DATABASE_CA_FILE", wrong), "cannot be reached");
        await ServiceProcess.Refused("Scheduler", With(environment, "HOLOFLOW_DATABASE", postgres.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)), "cannot be reached");
        await ServiceProcess.Refused("Scheduler", With(environment, "HOLOFLOW_RABBITMQ_CA_FILE", wrong), "certificate");
        await ServiceProcess.Refused("Scheduler", With(environment, "HOLOFLOW_RABBITMQ", $"amqps://guest@localhost:{amqps}/"), "certificate");
        await ServiceProcess.Refused("Api", With(environment, "HOLOFLOW_API_CERTIFICATE_KEY_FILE", trusted), "hold no certificate with its key");
        await ServiceProcess.Refused("Api", With(environment, "HOLOFLOW_RABBITMQ", "amqp://guest@127.0.0.1:1/"), "write amqps://");
        Assert.Equal(0, (await api.Stop()).ExitCode);
        Assert.Equal(0, (await store.Stop()).ExitCode);
    }

    static async Task<int> Unencrypted(PostgresqlServer postgres, string authority)
    {
        await using var connection = await Database.At($"{postgres.Address}?sslmode=verify-full&sslrootcert={authority}").OpenForReading(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*)::int FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name LIKE 'holoflow%' AND NOT ssl";
        return (int)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    static Dictionary<string, string> With(Dictionary<string, string> environment, string name, string value) => new(environment, StringComparer.Ordinal) { [name] = value };

    static HttpClient Trusting(X509Certificate2 authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        _ = policy.CustomTrustStore.Add(authority);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
