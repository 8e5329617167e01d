using System.Net.Sockets;
using Holoflow.Domain.Notifications;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Holoflow.Notifications.Targets;

/// <summary>Sends a notification as a mail by SMTP, encrypted where the server can; a user and password go over an encrypted connection only.</summary>
sealed class MailTarget(NotifierOptions options) : INotificationTarget
{
    const int SubmissionPort = 587;
    const int EncryptedPort = 465;

    public async Task<DeliveryOutcome> Send(NotificationToSend notification, CancellationToken cancellation)
    {
        if (options.Smtp is not { } server)
            return new DeliveryOutcome.Failed("no mail server is set: HOLOFLOW_SMTP names it");
        using var mail = new MimeMessage();
        mail.From.Add(MailboxAddress.Parse(options.MailFrom));
        mail.To.AddRange(notification.Address.Split(',', StringSplitOptions.TrimEntries).Select(a => MailboxAddress.Parse(a)));
        mail.Subject = NotificationText.Subject(notification.Content);
        mail.MessageId = $"{notification.DeliveryId}@holoflow";
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Date = notification.Content.State.At;
        mail.Body = new TextPart("plain") { Text = NotificationText.Mail(notification.Content, notification.Template) };
        using var smtp = new SmtpClient();
        try
        {
            var isEncrypted = server.Scheme == "smtps";
            var user = server.UserInfo.Split(':', 2);
            var security = isEncrypted ? SecureSocketOptions.SslOnConnect : user is [_, _] ? SecureSocketOptions.StartTls : SecureSocketOptions.StartTlsWhenAvailable;
            await smtp.ConnectAsync(server.Host, server.Port > 0 ? server.Port : isEncrypted ? EncryptedPort : SubmissionPort, security, cancellation);
            if (user is [var name, var password])
                await smtp.AuthenticateAsync(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password), cancellation);
            _ = await smtp.SendAsync(mail, cancellation);
            await smtp.DisconnectAsync(quit: true, cancellation);
            return new DeliveryOutcome.Delivered();
        }
        catch (SmtpCommandException e) when ((int)e.StatusCode >= 500 && e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.SenderNotAccepted)
        {
            return new DeliveryOutcome.Refused($"the mail server refused it: {e.Message}");
        }
        catch (Exception e) when (e is CommandException or ProtocolException or ServiceNotConnectedException or AuthenticationException or SslHandshakeException or SocketException or IOException or NotSupportedException)
        {
            return new DeliveryOutcome.Failed($"the mail server {server.Host} did not take it: {e.Message}");
        }
    }
}
