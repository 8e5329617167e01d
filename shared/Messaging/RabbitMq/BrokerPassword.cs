using System.Security.Cryptography;
using System.Text;

namespace Holoflow.Messaging.RabbitMq;

/// <summary>Passwords as the broker keeps them: base64 of a salt of four bytes and the SHA-256 of salt and password.</summary>
public static class BrokerPassword
{
    const int SaltBytes = 4;

    public static string HashOf(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }

    public static bool IsHash(string text)
    {
        Span<byte> bytes = stackalloc byte[SaltBytes + SHA256.HashSizeInBytes];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == bytes.Length;
    }
}
