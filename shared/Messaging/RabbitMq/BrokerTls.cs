using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using MassTransit;
using RabbitMQ.Client;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>
/// How a broker that is reached by <c>amqps</c> must prove itself: by its host name, and by a certificate of the authorities in the file that the
/// address names (<c>?cacertfile=PATH</c>), or of the machine's own where it names none.
/// </summary>
sealed class BrokerTls
{
    const string Parameter = "?cacertfile=";

    readonly string _host;
    readonly X509Certificate2Collection _authorities = [];

    BrokerTls(Uri address)
    {
        _host = address.Host;
        if (!address.Query.StartsWith(Parameter, StringComparison.Ordinal))
            return;
        var file = Uri.UnescapeDataString(address.Query[Parameter.Length..]);
        try
        {
            _authorities.ImportFromPemFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new MessagingException($"the broker's authorities cannot be read from '{file}': {e.Message}", e);
        }

        if (_authorities.Count == 0)
            throw new MessagingException($"'{file}' holds no certificate in PEM form: the authority that signed the broker's is expected");
    }

    /// <summary>Null: the broker is reached without encryption.</summary>
    /// <exception cref="MessagingException">The file of the authorities cannot be read.</exception>
    public static BrokerTls? Of(Uri address) => address.Scheme == "amqps" ? new BrokerTls(address) : null;

    public void Apply(ConnectionFactory factory)
    {
        factory.Ssl.ServerName = _host;
        // The library lets any host name pass where the address is given as one text.
        factory.Ssl.AcceptablePolicyErrors = SslPolicyErrors.None;
        factory.Ssl.CertificateValidationCallback = Validate;
    }

    public void Apply(IRabbitMqHostConfigurator host) => host.UseSsl(ssl =>
    {
        ssl.ServerName = _host;
        ssl.Protocol = System.Security.Authentication.SslProtocols.None;
        ssl.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateNameMismatch);
        ssl.EnforcePolicyErrors(SslPolicyErrors.RemoteCertificateChainErrors);
        ssl.CertificateValidationCallback = Validate;
    });

    bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (_authorities.Count == 0 || certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return errors == SslPolicyErrors.None;
        using var own = new X509Chain();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.AddRange(_authorities);
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null)
        {
            foreach (var element in chain.ChainElements)
                _ = own.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return own.Build(new X509Certificate2(certificate));
    }
}
