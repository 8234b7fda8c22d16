use app::App;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};

use crate::failure::{PageError, PageResult};
use crate::pages::filings::id_of;
use crate::problem::WebError;
use crate::session::Signed;

/// Sends a file that belongs to a filing. Always as a download: what others send is never shown in this site's name.
pub(crate) async fn download(
    State(app): State<App>,
    signed: Signed,
    Path((id, digest)): Path<(String, String)>,
) -> PageResult {
    let digest = digest.parse().map_err(|_| app::AppError::NotFound)?;
    let (attachment, content) = app
        .view_attachment(signed.actor(), id_of(&id)?, digest)
        .await?;
    file(content, "application/octet-stream", &attachment.file_name)
}

/// A file to keep, under the name it was given.
pub(crate) fn file(content: Vec<u8>, media_type: &'static str, name: &str) -> PageResult {
    let disposition = disposition(name)?;
    let mut response = Response::new(axum::body::Body::from(content));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    Ok(response.into_response())
}

/// RFC 6266 with the name in UTF-8 (RFC 8187).
fn disposition(name: &str) -> Result<HeaderValue, PageError> {
    use std::fmt::Write as _;
    let mut value = String::from("attachment; filename*=UTF-8''");
    for octet in name.bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'.' | b'-' | b'_') {
            value.push(char::from(octet));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(value, "%{octet:02X}");
        }
    }
    HeaderValue::from_str(&value).map_err(|source| WebError::internal().caused_by(source).into())
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_file_name_cannot_leave_its_header() {
        let value = disposition("a\"\r\nx: y;証拠.pdf").unwrap();
        assert_eq!(
            value.to_str().unwrap(),
            "attachment; filename*=UTF-8''a%22%0D%0Ax%3A%20y%3B%E8%A8%BC%E6%8B%A0.pdf"
        );
    }
}
