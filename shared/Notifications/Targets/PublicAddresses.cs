using System.Net;
using System.Net.Sockets;

namespace Holoflow.Notifications.Targets;

/// <summary>
/// Whoever may make a rule could otherwise have this process ask things of the machine it runs on, or of a cloud's address for its own machines. What counts is
/// the address that is connected to, not the name it was found by.
/// </summary>
sealed class PublicAddresses(IReadOnlyList<string> localHosts)
{
    /// <summary>Connects to the host, where it may be.</summary>
    /// <exception cref="HttpRequestException">None of its addresses is one that notifications may go to.</exception>
    public async ValueTask<Stream> Connect(DnsEndPoint host, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(host.Host, cancellation);
        var allowed = localHosts.Contains(host.Host, StringComparer.OrdinalIgnoreCase) ? addresses : Array.FindAll(addresses, IsPublic);
        if (allowed.Length == 0)
        {
            throw new ForbiddenAddressException(
                $"{host.Host} is an address of this machine or its link ({string.Join(", ", addresses.Select(a => a.ToString()))}): webhooks go there only where HOLOFLOW_NOTIFY_LOCAL_HOSTS names it");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, host.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Neither this machine, nor its link, nor nobody, nor many.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.IsIPv6LinkLocal || address.IsIPv6Multicast || address.IsIPv6SiteLocal)
            return false;
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return bytes[0] is not (0 or 127) && !(bytes[0] == 169 && bytes[1] == 254) && bytes[0] < 224;
        // IPv4 addresses in IPv6 clothes: 64:ff9b::/96, 2002::/16 and ::/96.
        return bytes switch
        {
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. var inner] => IsPublic(new IPAddress(inner)),
            [0x20, 0x02, var a, var b, var c, var d, ..] => IsPublic(new IPAddress([a, b, c, d])),
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. var inner] => IsPublic(new IPAddress(inner)),
            _ => true,
        };
    }
}

/// <summary>A host that notifications must not go to.</summary>
sealed class ForbiddenAddressException(string message) : IOException(message);
