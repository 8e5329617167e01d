using System.Security.Cryptography.X509Certificates;
using Holoflow.Client;
using Holoflow.Servers;

namespace Holoflow.Infra.Tests.HeadNode;

/// <summary>A head node whose API speaks HTTPS with a certificate that an authority of the site's own signed.</summary>
public sealed class EncryptedHeadNode : HeadNodeStack
{
    readonly string _certificates = System.IO.Directory.CreateTempSubdirectory("holoflow-certificates-").FullName;

    public X509Certificate2 Authority { get; } = CertificateAuthority.Make("an observatory");

    protected override IReadOnlyList<string> Options
    {
        get
        {
            var (certificate, key) = CertificateAuthority.Sign(Authority, "head node");
            File.SetUnixFileMode(_certificates, (UnixFileMode)Convert.ToInt32("755", 8));
            return ["--certificate", Write("api.pem", certificate), "--key", Write("api.key", key), "--authority", Write("ca.pem", Authority.ExportCertificatePem())];
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Authority.Dispose();
        System.IO.Directory.Delete(_certificates, recursive: true);
    }

    string Write(string name, string text)
    {
        var path = Path.Combine(_certificates, name);
        File.WriteAllText(path, text);
        return path;
    }
}

/// <summary>The script of infra/hpc with a certificate. Not while another stack starts: it chooses its ports among those that nothing listens on yet.</summary>
[Collection(HeadNodeCollection.Name)]
public sealed class EncryptedStackTests(EncryptedHeadNode stack) : IClassFixture<EncryptedHeadNode>
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task The_API_speaks_HTTPS_and_the_exports_say_whom_to_trust()
    {
        Assert.Equal($"https://127.0.0.1:{stack.Port}", stack.Exports["HOLOFLOW_API_URL"]);
        Assert.Equal(stack.Authority.ExportCertificatePem(), await File.ReadAllTextAsync(stack.Exports["SSL_CERT_FILE"], Cancellation));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(stack.Authority);
        using var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } };
        using var client = new HoloflowClient(new ClientOptions { BaseAddress = new Uri(stack.Exports["HOLOFLOW_API_URL"]), Token = (await File.ReadAllTextAsync(stack.Exports["HOLOFLOW_API_KEY_FILE"], Cancellation)).Trim(), Handler = handler });
        Assert.Equal("Completed", (await SampleRun.Carry(client, stack.SampleFlows, Cancellation)).State.Type.ToString());

        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new Uri($"http://127.0.0.1:{stack.Port}/healthz"), Cancellation));
    }

    [Theory]
    [InlineData("--certificate api.pem", "--certificate needs its --key")]
    [InlineData("--key api.key", "--key and --authority belong to --certificate")]
    [InlineData("--authority ca.pem", "--key and --authority belong to --certificate")]
    public async Task Half_a_certificate_is_refused(string options, string says)
    {
        var refused = await stack.Run(["start", "--binaries", "x", .. options.Split(' ')]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(says, Assert.Single(refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
