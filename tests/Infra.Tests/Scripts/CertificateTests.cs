using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Holoflow.Infra.Tests.Scripts;

/// <summary>The certificates that infra/setup makes, judged by the platform that the services trust them with.</summary>
public sealed class CertificateTests : IDisposable
{
    static readonly string[] Servers = ["postgres", "rabbitmq", "api"];
    static readonly string[] Readers = ["postgres", "rabbitmq", "state-store", "log-ingest", "scheduler", "api", "agent", "admin"];

    readonly string _directory = Directory.CreateTempSubdirectory("holoflow-certificates-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Every_server_proves_its_name_by_the_authority_that_every_reader_has()
    {
        await Make("holo.example,10.0.0.1");
        foreach (var server in Servers)
        {
            using var certificate = X509Certificate2.CreateFromPemFile(In(server, "server.pem"), In(server, "server.key"));
            foreach (var reader in Readers)
                Assert.True(IsTrusted(certificate, In(reader, "ca.pem")), $"{reader} does not trust {server}");
            Assert.All([server, "localhost", "127.0.0.1", "holo.example", "10.0.0.1"], name => Assert.True(certificate.MatchesHostname(name), $"{server} is not {name}"));
            Assert.False(certificate.MatchesHostname("elsewhere.example"));
            Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(In(server, "server.key")));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(In("authority", "ca.key")));
        Assert.All(Readers, reader => Assert.False(File.Exists(In(reader, "ca.key"))));
    }

    [Fact]
    public async Task What_holds_is_kept_and_another_name_makes_another()
    {
        await Make("");
        var (first, authority) = (await Read("api"), await Read("authority", "ca.pem"));
        await Make("");
        Assert.Equal(first, await Read("api"));
        await Make("holo.example");
        Assert.NotEqual(first, await Read("api"));
        Assert.Equal(authority, await Read("authority", "ca.pem"));
    }

    static bool IsTrusted(X509Certificate2 certificate, string authority)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        return chain.Build(certificate);
    }

    async Task Make(string names)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Checkout.Infra, "setup", "certificates"), [_directory, names]) { UseShellExecute = false, RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
    }

    Task<string> Read(string folder, string file = "server.pem") => File.ReadAllTextAsync(In(folder, file), TestContext.Current.CancellationToken);

    string In(string folder, string file) => Path.Combine(_directory, folder, file);
}
